import { Refusal } from '../../shared/refusal.ts'
import type { Arrival, Receipt } from '../store/store.ts'

/** Together in one transaction: large enough to share a disk flush, small enough to answer within milliseconds. */
const GROUP = { events: 2_000, bytes: 4 * 1024 * 1024 }
/** So many in a group that as many will follow: then sharing a flush saves more than waiting for them costs. */
const CROWD = 16
/** Waiting in memory before new requests are refused. */
const WAITING = { events: 50_000, bytes: 32 * 1024 * 1024 }
/** Bytes that a waiting request takes besides its body: connection, headers, promises. */
const REQUEST_BYTES = 8 * 1024

/** The outcome of one arrival in a group: a failure is its own and no other's. */
export type Outcome =
  | {
      receipt: Receipt
      /** A bug that it met: what it hit is in quarantine. */
      fault?: string
    }
  | { error: string }

export interface GroupParts {
  /** Resolves when the arrivals are on disk. Rejects when none of them is. */
  write: (arrivals: Arrival[]) => Promise<Outcome[]>
  /** Writes nothing of use; rejects while the disk takes no writes. */
  probe: () => Promise<void>
  /** A moment in which others may join a group; it is given only when a crowd was in the last. Default: none. */
  gather?: () => Promise<void>
  /** Told once when writing begins to fail, with the reason, and once (`null`) when it works again. */
  onChange?: (failing: Error | null) => void
  /** Told of every event that a bug put into quarantine. */
  onFault?: (fault: string) => void
}

export interface GroupCommit {
  /** Resolves when the arrival is on disk; a refusal when it is not kept. `bytes` is the length of the request's body. */
  commit(arrival: Arrival, bytes: number): Promise<Receipt>
  /** Tries the disk if the last write failed, so that recovery is noticed even when nobody sends. */
  retry(): Promise<void>
  state(): GroupState
}

export interface GroupState {
  /** Waiting, or being written. */
  requests: number
  events: number
  bytes: number
  /** Why the last write failed, `null` if it did not. */
  failing: Error | null
}

interface Waiting {
  arrival: Arrival
  events: number
  bytes: number
  resolve: (receipt: Receipt) => void
  reject: (error: Error) => void
}

/**
 * Group commit: while one transaction is being written, whatever arrives waits, and then goes into the next one
 * together. What waits is bounded in events and in bytes; beyond that, requests are refused at once.
 */
export function groupCommit({ write, probe, gather, onChange, onFault }: GroupParts): GroupCommit {
  const state: GroupState = { requests: 0, events: 0, bytes: 0, failing: null }
  let waiting: Waiting[] = []
  let writing = false
  /** Whether many send at a time: a few, or whoever sends alone, wait for nobody. */
  let crowded = false

  function commit(arrival: Arrival, body: number): Promise<Receipt> {
    const events = arrival.events.length + arrival.quarantined.length
    const bytes = body + REQUEST_BYTES
    if (state.events + events > WAITING.events || state.bytes + bytes > WAITING.bytes) return Promise.reject(tooMuch())
    return new Promise((resolve, reject) => {
      waiting.push({ arrival, events, bytes, resolve, reject })
      state.requests++
      state.events += events
      state.bytes += bytes
      if (!writing) void writeAll()
    })
  }

  async function writeAll(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      if (crowded && state.events < GROUP.events) await gather?.()
      const group = takeGroup()
      crowded = group.length >= CROWD
      await writeGroup(group)
      for (const { events, bytes } of group) {
        state.requests--
        state.events -= events
        state.bytes -= bytes
      }
    }
    writing = false
  }

  function takeGroup(): Waiting[] {
    let events = 0
    let bytes = 0
    const end = waiting.findIndex((entry, index) => {
      events += entry.events
      bytes += entry.bytes
      return index > 0 && (events > GROUP.events || bytes > GROUP.bytes)
    })
    return waiting.splice(0, end === -1 ? waiting.length : end)
  }

  async function writeGroup(group: Waiting[]): Promise<void> {
    try {
      const outcomes = await write(group.map(entry => entry.arrival))
      change(null)
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index]
        if (outcome && 'receipt' in outcome) {
          resolve(outcome.receipt)
          if (outcome.fault !== undefined) onFault?.(outcome.fault)
        } else reject(notKept(outcome?.error ?? 'The writer gave no outcome.'))
      }
    } catch (error) {
      change(error instanceof Error ? error : new Error(String(error)))
      for (const { reject } of group) reject(notKept())
    }
  }

  function change(failing: Error | null): void {
    const changed = (failing === null) !== (state.failing === null)
    state.failing = failing
    if (changed) onChange?.(failing)
  }

  async function retry(): Promise<void> {
    if (state.failing === null || writing) return
    await probe().then(
      () => change(null),
      () => {},
    )
  }

  return { commit, retry, state: () => ({ ...state }) }
}

const tooMuch = (): Refusal =>
  new Refusal('overloaded', 'More events are waiting than can be kept safe. Send this batch again later.')

/** A cause is logged for every request: it is given for what only this one met. */
const notKept = (cause?: string): Refusal =>
  new Refusal(
    'overloaded',
    'The events could not be written. Send this batch again later.',
    [],
    cause === undefined ? {} : { cause },
  )
