import type { Instant } from '../../shared/instant.ts'
import type { Standing, Verdict } from '../../shared/person.ts'
import { QUALIFYING, isFurther, type QualifyingStage, type Stage } from '../../shared/stage.ts'
import { judge } from '../scoring/judge.ts'
import type { VersionedModel } from '../store/models.ts'
import type { Person, Store } from '../store/store.ts'
import { breath } from './breath.ts'
import { pagesOf } from './pages.ts'

/** What another version of the model would change, if it were live at an instant. */
export interface ModelDiff {
  /** Versions that are compared. */
  from: number
  to: number
  at: Instant
  persons: number
  /** Whoever has reached a stage stays there; those who leave would not get there any more. */
  stages: Record<QualifyingStage, Change>
  labels: Record<string, Change>
  scores: {
    risen: number
    fallen: number
    same: number
    before: Distribution
    after: Distribution
  }
}

export interface Change {
  /** How many are there, or beyond. */
  before: number
  after: number
  enter: Moved
  leave: Moved
}

export interface Moved {
  count: number
  /** Ids of the first of them. */
  leads: string[]
}

export interface Distribution {
  mean: number
  p10: number
  p50: number
  p90: number
}

const SHOWN = 100

/**
 * Judges everybody of a site from their whole history under another version of the model, at an instant, and writes
 * nothing. Takes some 50 to 200 µs a person, in slices. `onProgress` is told how many are done.
 */
export async function modelDiff(
  store: Pick<Store, 'model' | 'persons' | 'history'>,
  site: number,
  to: VersionedModel,
  at: Instant,
  onProgress: (done: number) => void = () => {},
): Promise<ModelDiff> {
  const from = await store.model(site)
  const stages = Object.fromEntries(QUALIFYING.map(stage => [stage, noChange()])) as ModelDiff['stages']
  const named = new Set([...from.document.labels, ...to.document.labels].map(({ id }) => id))
  const labels = Object.fromEntries(Array.from(named, id => [id, noChange()]))
  const before: number[] = []
  const after: number[] = []

  for await (const people of pagesOf(store, site)) {
    for (const person of people) {
      const history = await store.history(site, person.id)
      const now = person.model === from.version ? judgeOn(from, person, at) : null
      const old = now ?? judgeWhole(from, person, history, at)
      const fresh = judgeWhole(to, person, history, at)
      before.push(old.profile.score)
      after.push(fresh.profile.score)
      compareStages(stages, person, now?.standing.stage ?? person.stage, fresh.standing.stage)
      const [had, has] = [old.profile.labels, fresh.profile.labels]
      for (const id of named) count(labels[id]!, person.id, had.includes(id), has.includes(id))
    }
    onProgress(before.length)
    await breath()
  }
  const scores = {
    risen: after.filter((score, i) => score > before[i]!).length,
    fallen: after.filter((score, i) => score < before[i]!).length,
    same: after.filter((score, i) => score === before[i]!).length,
    before: distribution(before),
    after: distribution(after),
  }
  return { from: from.version, to: to.version, at, persons: before.length, stages, labels, scores }
}

const NOBODY: Standing = { stage: 'visitor', stageSince: null, fold: null }

const judgeOn = ({ document, version }: VersionedModel, person: Person, at: Instant): Verdict | null =>
  judge(document, version, person, [], at)

/** As though the model had always been live; but who was recycled, or may not be scored, was so under any model. */
function judgeWhole(
  model: VersionedModel,
  { recycledAt, profilingStopped }: Person,
  history: Awaited<ReturnType<Store['history']>>,
  at: Instant,
): Verdict {
  const { document, version } = model
  const past = judge(document, version, { ...NOBODY, recycledAt, profilingStopped }, history, at)
  const now = past && judge(document, version, past.standing, [], at)
  if (!now) throw new Error('The judge refused a whole history.')
  return now
}

/** Only of those whose stage a model decides: what somebody decided is not taken back by one. */
function compareStages(stages: ModelDiff['stages'], { id }: Person, had: Stage, has: Stage): void {
  if (had !== 'visitor' && !(QUALIFYING as readonly Stage[]).includes(had)) return
  for (const stage of QUALIFYING) count(stages[stage], id, !isFurther(stage, had), !isFurther(stage, has))
}

const noChange = (): Change => ({
  before: 0,
  after: 0,
  enter: { count: 0, leads: [] },
  leave: { count: 0, leads: [] },
})

function count(change: Change, id: string, had: boolean, has: boolean): void {
  if (had) change.before++
  if (has) change.after++
  if (had === has) return
  const moved = has ? change.enter : change.leave
  moved.count++
  if (moved.leads.length < SHOWN) moved.leads.push(id)
}

function distribution(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).toSorted()
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0
  const mean = values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9) }
}
