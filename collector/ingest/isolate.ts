import type { Sending } from '../../shared/quarantine.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { ArrivedEvent, Arrival, Receipt } from '../store/store.ts'
import type { Outcome } from './group.ts'

/** Records arrivals in one transaction. */
type Record = (arrivals: Arrival[]) => Promise<Receipt[]>

/**
 * One transaction for all. If a bug fails that, one for each arrival, then one for each event; an event that fails
 * alone goes to quarantine, so that a poisonous one takes no other with it and is not sent for ever. A refusal is the
 * disk's, would meet every other one too, and is thrown.
 */
export async function recordIsolated(arrivals: Arrival[], record: Record): Promise<Outcome[]> {
  try {
    const receipts = await record(arrivals)
    return receipts.map(receipt => ({ receipt }))
  } catch (error) {
    if (error instanceof Refusal) throw error
    const [first, ...others] = arrivals
    if (!first) return []
    if (others.length === 0) return [await inParts(first, record, error)]
    const outcomes: Outcome[] = []
    for (const arrival of arrivals) outcomes.push(...(await recordIsolated([arrival], record)))
    return outcomes
  }
}

async function inParts(arrival: Arrival, record: Record, error: unknown): Promise<Outcome> {
  const { events, quarantined } = arrival
  const parts = events.map(event => ({ ...arrival, events: [event], quarantined: [] as Arrival['quarantined'] }))
  if (quarantined.length > 0) parts.push({ ...arrival, events: [], quarantined })
  const [only, ...others] = parts
  if (!only) return { error: text(error) }
  if (others.length === 0) return quarantine(only, record, error)
  const outcomes = await recordIsolated(parts, record)
  return outcomes.reduce(sum)
}

async function quarantine(arrival: Arrival, record: Record, error: unknown): Promise<Outcome> {
  const [event] = arrival.events
  if (!event) return { error: text(error) }
  const reason = failsOn(error)
  const { provenance, mark, device, user, touch } = event
  const sending: Sending = {
    // By what its time was made of.
    sentAt: arrival.receivedAt - event.at + event.rawAt,
    mark,
    ...(device && { device }),
    ...(user !== undefined && { user }),
    ...(touch && { touch }),
  }
  const kept = { ...arrival, events: [], quarantined: [{ raw: asSent(event), reason, provenance, sending }] }
  const [outcome] = await recordIsolated([kept], record)
  return outcome && 'receipt' in outcome ? { ...outcome, fault: text(error) } : { error: text(error) }
}

/** Why an event is in quarantine that a bug keeps out of the log. */
export const failsOn = (error: unknown): string =>
  `event: the collector fails on it (${error instanceof Error ? error.message : String(error)})`

/** Without what the collector added, so that it can be processed again. */
function asSent({ id, type, rawAt, view, seq, url, referrer, title, properties }: ArrivedEvent): string {
  return JSON.stringify({ id, type, at: rawAt, view, seq, url, referrer, title, properties })
}

function sum(a: Outcome, b: Outcome): Outcome {
  if ('error' in a) return a
  if ('error' in b) return b
  const fault = a.fault ?? b.fault
  return {
    receipt: {
      stored: a.receipt.stored + b.receipt.stored,
      duplicate: a.receipt.duplicate + b.receipt.duplicate,
      quarantined: a.receipt.quarantined + b.receipt.quarantined,
      erased: [...(a.receipt.erased ?? []), ...(b.receipt.erased ?? [])],
    },
    ...(fault !== undefined && { fault }),
  }
}

const text = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))
