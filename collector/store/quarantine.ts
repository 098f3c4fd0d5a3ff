import type { Instant } from '../../shared/instant.ts'
import type { QuarantinedItem } from '../../shared/quarantine.ts'
import type { Engine } from './persons.ts'
import type { Arrival, Page, Receipt } from './store.ts'

/** What somebody was told is kept, though it could not be an event: read by whoever asks. */
export interface QuarantineReader {
  /** The newest first; the page after the last item of another. */
  quarantined(
    site: number,
    query: { limit: number; after?: Pick<QuarantinedItem, 'id' | 'receivedAt'> },
  ): Promise<Page<QuarantinedItem>>
  /** What these browsers sent, in the order in which it came. */
  quarantinedOf(site: number, visitors: readonly string[]): Promise<QuarantinedItem[]>
  /** How many there are for each reason, the most frequent first. */
  quarantineReasons(site: number): Promise<{ reason: string; count: number }[]>
}

/** Something in quarantine that was read again: an event of its own now, or still none, and why. */
export type ReadAgain = { id: number } & ({ arrival: Arrival } | { reason: string })

export interface QuarantineWriter {
  /**
   * Records what became events, as if it arrived now, and takes it out of quarantine; the rest gets its new reason. What
   * is no longer there is left out. The receipt is of all together.
   */
  reprocess(site: number, items: readonly ReadAgain[], now: Instant, engine: Engine): Promise<Receipt>
}
