import type { QuarantinedItem } from '../../shared/quarantine.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { QuarantineReader, ReadAgain } from '../store/quarantine.ts'
import type { Arrival, Receipt } from '../store/store.ts'
import { jsonOf } from './decode.ts'
import { enrich } from './enrich.ts'
import { readEvent } from './event.ts'
import { failsOn } from './isolate.ts'
import { readCallAgain } from './segment.ts'

/** In one transaction, between two of which others have their turn. */
const AT_ONCE = 200

export interface ReprocessParts {
  store: Pick<QuarantineReader, 'quarantined'>
  write: (site: number, items: readonly ReadAgain[]) => Promise<Receipt>
}

/** What became of what was in quarantine: read = stored + duplicate + quarantined + erased. */
export interface Reprocessed {
  read: number
  stored: number
  /** Had arrived well-formed meanwhile. */
  duplicate: number
  /** Are still no events. */
  quarantined: number
  /** Of somebody who was erased, or taken out meanwhile. */
  erased: number
}

/** Reads the whole quarantine of a site again, by the rules of today: what is an event now is recorded as if it arrived now. */
export async function reprocess(
  { store, write }: ReprocessParts,
  site: number,
  onProgress: (sum: Reprocessed) => void = () => {},
): Promise<Reprocessed> {
  const sum: Reprocessed = { read: 0, stored: 0, duplicate: 0, quarantined: 0, erased: 0 }
  let after: QuarantinedItem | undefined
  for (;;) {
    const { items, more } = await store.quarantined(site, { limit: AT_ONCE, ...(after && { after }) })
    const again = items.map(item => readAgain(site, item))
    for (const { stored, duplicate, quarantined } of await writeIsolated(site, again, write)) {
      sum.stored += stored
      sum.duplicate += duplicate
      sum.quarantined += quarantined
    }
    sum.read += items.length
    sum.erased = sum.read - sum.stored - sum.duplicate - sum.quarantined
    onProgress(sum)
    after = items.at(-1)
    if (!more) return sum
  }
}

/** The way that every event comes in: decode → enrich. */
function readAgain(site: number, item: QuarantinedItem): ReadAgain {
  const { id, raw, provenance, receivedAt, sending, key } = item
  const { visitor, event } =
    sending.call === undefined
      ? { visitor: item.visitor, event: readEvent(jsonOf(raw)) }
      : readCallAgain(raw, sending, receivedAt)
  if (typeof event === 'string') return { id, reason: event }
  const { user, touch } = sending
  const arrival: Arrival = {
    site,
    visitor,
    receivedAt,
    events: [
      {
        ...enrich(event, { receivedAt, provenance, ...sending }),
        ...(user !== undefined && { user }),
        ...(touch && { touch }),
      },
    ],
    quarantined: [],
    ...(key !== null && { key }),
  }
  return { id, arrival }
}

/** One transaction for all, or if a bug fails that, one for each; what fails alone stays. A refusal is the disk's, and is thrown. */
async function writeIsolated(
  site: number,
  items: readonly ReadAgain[],
  write: ReprocessParts['write'],
): Promise<Receipt[]> {
  try {
    return [await write(site, items)]
  } catch (error) {
    const [first, ...others] = items
    if (error instanceof Refusal || !first) throw error
    if (others.length === 0) {
      if ('reason' in first) throw error
      return [await write(site, [{ id: first.id, reason: failsOn(error) }])]
    }
    const receipts: Receipt[] = []
    for (const item of items) receipts.push(...(await writeIsolated(site, [item], write)))
    return receipts
  }
}
