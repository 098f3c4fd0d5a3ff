import type { Batch } from '../shared/batch.ts'
import type { WireEvent } from '../shared/event.ts'
import type { Beacon } from './beacon.ts'
import { later } from './guard.ts'
import { undo } from './listen.ts'
import { adoptOutboxes, clearOutboxes, outboxKey, writeOutbox, type Sealed } from './outbox.ts'

/** Milliseconds that an event waits for company. */
const LINGER = 1_000
/**
 * Characters of a batch, as JSON: at three bytes each it still fits into what a browser sends from a page being left. An
 * event that is larger is alone in its batch, so that its being refused costs no other.
 */
const MAX_BATCH = 16_000
/** Events kept while the collector is away; the oldest batches go first. */
const MAX_KEPT = 200
/** Failures in a row after which only a new page or a new connection tries again: the endpoint may be blocked. */
const MAX_FAILURES = 9

/** What is true at the moment of sending. */
export type Stamp = Pick<Batch, 'sent_at' | 'consent'>

/**
 * What waits to be sent. As a list, because unlike those of properties the names of its parts cost the script nothing:
 *
 * - `add` one event, under the visitor it happened to;
 * - `flush` sends what waits, after a failure only if that asked for a shorter pause than given, in milliseconds;
 * - `open`: from now on all that waits is written to storage as well, with what pages that are gone have left there;
 * - `clear` forgets everything, on every page of the site.
 */
export type Queue = [
  add: (event: WireEvent, visitor: string) => void,
  flush: (despite?: number) => void,
  open: () => void,
  clear: () => void,
]

/**
 * `key` is the site's public write key. `stamp` is asked for what is true of a batch that is sent now, and answers
 * nothing while nothing may be sent. `sent` hears how each request ended: the collector's answer, or a `{ status }`, which
 * is 0 when there was none.
 */
export function createQueue(
  key: string,
  beacon: Beacon,
  stamp: () => Stamp | undefined,
  sent: (batch: Batch, result: unknown) => void,
): Queue {
  /** All that is not acknowledged, the oldest first. */
  let batches: Sealed[] = []
  const inFlight = new Set<Sealed>()
  let failures = 0
  /** After a failure: the milliseconds that the collector asked for, or 1. */
  let pause = 0
  let timer = 0
  let outbox: string | undefined
  let saving = false

  /** Once everything that runs now has had its say: a loop of a thousand events writes once. */
  function save() {
    if (saving) return
    saving = true
    queueMicrotask(() => {
      saving = false
      if (failures) while (batches.flatMap(({ events }) => events).length > MAX_KEPT) batches.shift()
      if (outbox) writeOutbox(outbox, batches)
    })
  }

  function linger() {
    timer ||= later(flush, LINGER)
  }

  function flush(despite = 0) {
    if (pause > despite) return
    pause = 0
    rest()
    const stamped = stamp()
    if (stamped) for (const sealed of batches) if (!inFlight.has(sealed)) void send(sealed, { ...sealed, ...stamped })
  }

  function rest() {
    timer = clearTimeout(timer) as never
  }

  async function send(sealed: Sealed, batch: Batch) {
    inFlight.add(sealed)
    const answer = await beacon(JSON.stringify(batch))
    inFlight.delete(sealed)
    const status = answer?.status ?? 0
    if (status && status < 500 && status !== 429) {
      failures = 0
      batches = batches.filter(other => other !== sealed)
    } else if (!pause) {
      rest()
      const asked = (answer?.headers.get('retry-after') as unknown as number) * 1_000
      pause = asked || ++failures
      if (failures < MAX_FAILURES) timer = later(() => flush(pause), asked || 2 ** failures * 500 * (1 + Math.random()))
    }
    save()
    sent(batch, (await answer?.json().catch(() => 0)) || { status })
  }

  undo.push(rest)

  function add(event: WireEvent, visitor: string) {
    let last = batches.at(-1)
    if (!last || inFlight.has(last) || last.visitor !== visitor || JSON.stringify([last, event]).length > MAX_BATCH) {
      batches.push((last = { v: 1, key, visitor, events: [] }))
    }
    last.events.push(event)
    save()
    linger()
  }

  function open() {
    if (outbox) return
    outbox = outboxKey()
    save()
    adoptOutboxes(outbox, orphans => {
      batches = [...orphans, ...batches]
      save()
      linger()
    })
  }

  function clear() {
    batches = []
    clearOutboxes()
  }

  return [add, flush, open, clear]
}
