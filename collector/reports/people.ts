import type { StoredEvent } from '../../shared/event.ts'
import type { Duration, Instant } from '../../shared/instant.ts'
import type { Store } from '../store/store.ts'
import { breath } from './breath.ts'
import { knownOf, labelOf, OUTCOME_EVENTS, type Label, type OutcomeEvents } from './label.ts'
import { pagesOf } from './pages.ts'

/** Of whom to learn. */
export interface Sample {
  /** Events that are the outcome themselves, and never worth points here. */
  outcomeEvents: OutcomeEvents
  /** Only people decided, or last heard of, from then on. */
  since: Instant
  /** What comes at that time or later is not known yet. */
  until: Instant
  /** Of all people, the share that is looked at, if not everybody. */
  share?: number
}

export const EVERYBODY: Sample = { outcomeEvents: OUTCOME_EVENTS, since: -Infinity, until: Infinity }

/** A person as far as anybody could know before it was decided. */
export interface Learned {
  id: string
  label: Label | null
  /** Whether they have ever been an MQL, whatever became of them. */
  wasMql: boolean
  /** Up to the outcome, without it; in order. */
  history: StoredEvent[]
  /** What came with the outcome or after it. */
  later: StoredEvent[]
}

/** Where people are read from. */
export type PeopleReader = Pick<Store, 'persons' | 'sample' | 'history' | 'outcomes' | 'transitions'>

/** How long others wait at most, but for one person's whole history. A page waits that long for each thing that it reads. */
const BREATH_AFTER: Duration = 4

/** Goes through everybody of a sample, in slices, and counts them. Who may not be profiled is left out, and counted. */
export async function everybody(
  store: PeopleReader,
  site: number,
  { outcomeEvents, since, until, share = 1 }: Sample,
  visit: (person: Learned) => void,
  onProgress: (done: number) => void = () => {},
): Promise<{ done: number; objected: number }> {
  const isOutcome = new Set([...outcomeEvents.won, ...outcomeEvents.lost])
  let objected = 0
  let done = 0
  let breathed = performance.now()
  const pages = share < 1 ? [await store.sample(site, share)] : pagesOf(store, site)
  for await (const people of pages) {
    for (const { id, profilingStopped } of people) {
      done++
      if (performance.now() - breathed > BREATH_AFTER) {
        await breath()
        breathed = performance.now()
      }
      if (profilingStopped) {
        objected++
        continue
      }
      const steps = await store.transitions(site, id)
      const { handedOver, ...facts } = knownOf(await store.outcomes(site, id), steps)
      const all = await store.history(site, id)
      const label = labelOf(facts, all, outcomeEvents, until)
      const end = Math.min(label?.at ?? Infinity, until)
      const history: StoredEvent[] = []
      const later: StoredEvent[] = []
      for (const event of all) {
        if (event.at >= end) later.push(event)
        // What sales writes down after the hand-over knows more than the site could.
        else if (!isOutcome.has(event.type) && !(event.provenance === 'server' && event.at >= handedOver))
          history.push(event)
      }
      const decided = label?.at ?? history.at(-1)?.at ?? -Infinity
      const wasMql = steps.some(({ to }) => to === 'mql')
      if ((label || history.length > 0) && decided >= since) visit({ id, label, wasMql, history, later })
    }
    onProgress(done)
  }
  return { done, objected }
}
