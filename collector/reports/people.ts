import type { StoredEvent } from '../../shared/event.ts'
import type { Duration, Instant } from '../../shared/instant.ts'
import type { Store } from '../store/store.ts'
import { knownOf, labelOf, OUTCOME_EVENTS, type Label, type OutcomeEvents } from './label.ts'

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
  /** Up to the outcome, without it; in order. */
  history: StoredEvent[]
  /** What came with the outcome or after it. */
  later: StoredEvent[]
}

/** Persons read at once. */
const AT_ONCE = 100
/** How long others wait at most, but for one person's whole history. */
const BREATH_AFTER: Duration = 20

/** Goes through everybody of a sample, in slices, and counts them. Who may not be profiled is left out, and counted. */
export async function everybody(
  store: Pick<Store, 'persons' | 'history' | 'outcomes' | 'arrivals'>,
  site: number,
  { outcomeEvents, since, until, share = 1 }: Sample,
  visit: (person: Learned) => void,
  onProgress: (done: number) => void = () => {},
): Promise<{ done: number; objected: number }> {
  const known = await knownOf(store, site)
  const isOutcome = new Set([...outcomeEvents.won, ...outcomeEvents.lost])
  let objected = 0
  let done = 0
  let breathed = performance.now()
  for (let people = await store.persons(site, AT_ONCE, '', share); people.length > 0;) {
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
      const { handedOver, ...facts } = known(id)
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
      if ((label || history.length > 0) && decided >= since) visit({ id, label, history, later })
    }
    onProgress(done)
    people = await store.persons(site, AT_ONCE, people.at(-1)!.id, share)
  }
  return { done, objected }
}

const breath = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
