import type { Instant } from '../../shared/instant.ts'
import type { Engine } from './persons.ts'

/** What an erasure took away. */
export interface Erasure {
  events: number
  visitors: number
}

/** What is too old of some persons. */
export interface Expiry {
  persons: number
  events: number
  /** Told with the last of the persons. */
  quarantined: number
  /** Where to go on; `null` at the end. */
  after: string | null
}

export interface Eraser {
  /**
   * Takes a person away, with everything that was kept of them under any of their ids, and remembers salted digests of how
   * they were known: whatever of their past arrives later, or is imported again, is dropped. Refuses an id that is nobody's
   * (`not_found`).
   */
  erase(site: number, id: string, now: Instant): Promise<Erasure>
  /**
   * Takes away what is older than `before`, of up to `limit` persons by id after `after`: of whoever was not seen since,
   * everything; of others the events, but for those that say who they are; and what is in quarantine since before. `dry` only counts. Scores follow, stages stay.
   */
  expire(
    site: number,
    before: Instant,
    from: { after: string; limit: number; dry: boolean },
    now: Instant,
    engine: Engine,
  ): Promise<Expiry>
  /**
   * Overwrites what deleted rows left in the file and in its log, unless nothing was erased since. Writes the whole file
   * anew, during which nothing else is written. False when somebody still reads what was there before: then it is to be
   * tried again.
   */
  overwrite(): Promise<boolean>
}

export interface ErasureReader {
  /** Whether something was erased that is not overwritten yet, and the size of the file that holds it, in bytes. */
  erased(): Promise<{ pending: boolean; size: number }>
}
