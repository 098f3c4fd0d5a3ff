import { Refusal } from '../../shared/refusal.ts'
import type { Arrival, Receipt } from '../store/store.ts'

/** Events in one transaction: large enough to share a disk flush, small enough to answer within a few milliseconds. */
const MAX_GROUP_EVENTS = 2_000
/** Events waiting in memory before new requests are refused. */
const MAX_WAITING_EVENTS = 50_000

/** The outcome of one arrival in a group: a failure is its own and no other's. */
export type Outcome = { receipt: Receipt } | { error: string }

interface Waiting {
  arrival: Arrival
  size: number
  resolve: (receipt: Receipt) => void
  reject: (error: Error) => void
}

/**
 * Group commit: while one transaction is being written, whatever arrives waits, and then goes into the next one
 * together. The returned function resolves when its arrival is on disk.
 */
export function groupCommit(
  commit: (arrivals: Arrival[]) => Promise<Outcome[]>,
): (arrival: Arrival) => Promise<Receipt> {
  let waiting: Waiting[] = []
  let size = 0
  let writing = false

  async function writeAll(): Promise<void> {
    writing = true
    while (waiting.length > 0) await write(takeGroup())
    writing = false
  }

  function takeGroup(): Waiting[] {
    let events = 0
    const end = waiting.findIndex((entry, index) => (events += entry.size) > MAX_GROUP_EVENTS && index > 0)
    const group = end === -1 ? waiting : waiting.slice(0, end)
    waiting = end === -1 ? [] : waiting.slice(end)
    for (const entry of group) size -= entry.size
    return group
  }

  return arrival =>
    new Promise<Receipt>((resolve, reject) => {
      const events = arrival.events.length + arrival.quarantined.length
      if (size + events > MAX_WAITING_EVENTS) {
        return reject(
          new Refusal('overloaded', 'More events are waiting than can be kept safe. Send this batch again later.'),
        )
      }
      waiting.push({ arrival, size: events, resolve, reject })
      size += events
      if (!writing) void writeAll()
    })

  async function write(group: Waiting[]): Promise<void> {
    try {
      const outcomes = await commit(group.map(entry => entry.arrival))
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index]
        if (outcome && 'receipt' in outcome) resolve(outcome.receipt)
        else reject(notKept(outcome?.error ?? 'no outcome'))
      }
    } catch (error) {
      for (const { reject } of group) reject(notKept(error))
    }
  }
}

const notKept = (cause: unknown): Refusal =>
  new Refusal('overloaded', 'The events could not be written. Send this batch again later.', [], { cause })
