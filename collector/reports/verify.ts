import { isDeepStrictEqual } from 'node:util'
import { inOrder, type StoredEvent } from '../../shared/event.ts'
import type { Json } from '../../shared/json.ts'
import type { Model } from '../../shared/model.ts'
import { lastOf } from '../scoring/fold.ts'
import { judge } from '../scoring/judge.ts'
import type { Person, Store } from '../store/store.ts'
import { pagesOf } from './pages.ts'

/** Where what is stored is not what the log says. */
export interface Mismatch {
  /** Id of the lead; `null` when the sums are wrong. */
  lead: string | null
  field: string
  stored: unknown
  recomputed: unknown
}

export interface Verification {
  persons: number
  events: number
  /** All of them; of very many, the first. */
  mismatches: Mismatch[]
  mismatched: number
}

const SHOWN = 1_000

type Verified = Pick<Store, 'persons' | 'history' | 'modelVersion' | 'census'>

/**
 * Recomputes everybody of a site from the log, as of when they were judged and under the version that judged them, and
 * holds it against what is stored. Changes nothing. `onProgress` is told how many are done.
 */
export async function verify(
  store: Verified,
  site: number,
  onProgress: (done: number) => void = () => {},
): Promise<Verification> {
  const result: Verification = { persons: 0, events: 0, mismatches: [], mismatched: 0 }
  const note = (mismatch: Mismatch) => {
    result.mismatched++
    if (result.mismatches.length < SHOWN) result.mismatches.push(mismatch)
  }
  let after = ''
  for await (const people of pagesOf(store, site)) {
    for (const person of people) {
      let [events, mismatches] = await check(store, site, person)
      if (mismatches.length > 0) {
        // Something may just have happened between the two readings: only what stays wrong is wrong.
        const [again] = await store.persons(site, 1, after)
        if (again?.id === person.id) [events, mismatches] = await check(store, site, again)
      }
      result.persons++
      result.events += events
      mismatches.forEach(note)
      after = person.id
    }
    onProgress(result.persons)
  }
  const { events, orphans } = await store.census(site)
  if (orphans > 0) note({ lead: null, field: 'events of nobody', stored: orphans, recomputed: 0 })
  // What came in while this ran is in the census alone.
  if (events < result.events) note({ lead: null, field: 'events', stored: events, recomputed: result.events })
  return result
}

async function check(store: Verified, site: number, person: Person): Promise<[events: number, Mismatch[]]> {
  const { id, stage, stageSince, recycledAt, profilingStopped, model, scoredAt, ...stored } = person
  const history = await store.history(site, id)
  // A long history that is about to be judged anew: what is shown until then is known to be old.
  if (person.fold === null) return [history.length, []]
  const version = await store.modelVersion(site, model)
  if (!version) return [history.length, [{ lead: id, field: 'model', stored: model, recomputed: null }]]
  const standing = { stage, stageSince, recycledAt, profilingStopped, fold: null }
  const verdict = judge(version.document, model, standing, history, scoredAt)
  if (!verdict) throw new Error(`The judge refused the whole history of ${id}.`)
  const recomputed = asKept({ ...verdict.profile, ...verdict.standing })
  const kept = asKept({ ...stored, stage, fold: caughtUp(version.document, person, history) })
  const differing = Object.keys(recomputed).filter(
    field => Object.hasOwn(kept, field) && !isDeepStrictEqual(kept[field], recomputed[field]),
  )
  return [
    history.length,
    differing.map(field => ({ lead: id, field, stored: kept[field], recomputed: recomputed[field] })),
  ]
}

/** What is remembered of a person, with what came since it was written; `null` where that does not follow. */
export function caughtUp(model: Model, person: Person, history: readonly StoredEvent[]): Json {
  const { fold, isBehind, model: version, scoredAt } = person
  if (fold === null || !isBehind) return fold
  const last = lastOf(fold)
  const since = history.filter(event => last === null || inOrder(event, last) > 0)
  return since.length === 0 ? fold : (judge(model, version, person, since, scoredAt)?.standing.fold ?? null)
}

const asKept = (value: object): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>
