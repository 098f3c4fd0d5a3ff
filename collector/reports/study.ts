import { LRUCache } from 'lru-cache'
import type { Duration, Instant } from '../../shared/instant.ts'

/** A long question and how far its answer is. */
export interface Study<Result> {
  /** When it was asked. */
  at: Instant
  /** From 0 to 1; 1 only with an answer. */
  done: number
  /** `null` while it is not known. */
  result: Result | null
}

/** Finds an answer, and tells the share of the way that it has come. */
type Work<Result> = (tell: (share: number) => void) => Promise<Result>

interface Kept<Result> extends Study<Result> {
  /** Until then the answer is good. */
  until: Instant
  ended: Promise<unknown>
}

export interface StudyOptions {
  /** How long an answer is good that took so long to find. */
  lasts: (took: Duration) => Duration
  /** How long whoever asks waits for it, unless they say otherwise. */
  patience: Duration
}

/** Answers that are kept at once. */
const KEPT = 50

/**
 * Long questions that pages ask: each is answered once for all who ask it meanwhile, one after another, and in slices, so
 * that events are taken in between. Whoever asks gets the answer, or how far it is. A fault is thrown to whoever waits,
 * and forgotten: the next one asks anew.
 */
export function createStudies<Result>(clock: () => Instant, { lasts, patience }: StudyOptions) {
  const known = new LRUCache<string, Kept<Result>>({ max: KEPT })
  let last: Promise<unknown> = Promise.resolve()

  async function work(key: string, study: Kept<Result>, find: Work<Result>, before: Promise<unknown>): Promise<void> {
    await before
    const began = clock()
    try {
      study.result = await find(share => (study.done = Math.min(0.999, share)))
    } catch (error) {
      known.delete(key)
      throw error
    }
    study.done = 1
    study.until = clock() + lasts(clock() - began)
  }

  function begin(key: string, find: Work<Result>): Kept<Result> {
    const study: Kept<Result> = { at: clock(), done: 0, result: null, until: Infinity, ended: last }
    study.ended = work(key, study, find, last)
    last = study.ended.catch(() => {})
    known.set(key, study)
    return study
  }

  return async (key: string, find: Work<Result>, wait = patience): Promise<Study<Result>> => {
    const found = known.get(key)
    const study = found && found.until > clock() ? found : begin(key, find)
    if (wait === Infinity) await study.ended
    else await Promise.race([study.ended, new Promise(resolve => setTimeout(resolve, wait).unref())])
    return study
  }
}
