import type { Batch } from '../shared/batch.ts'
import type { WireEvent } from '../shared/event.ts'
import type { Beacon } from './beacon.ts'
import { later } from './guard.ts'
import { adoptOutboxes, clearOutboxes, outboxKey, writeOutbox, type Sealed } from './outbox.ts'

/** Milliseconds that an event waits for company. */
const LINGER = 1_000
/** Events that wait no longer. */
const FULL = 10
/** Events of one request, after an outage. */
const MAX_BATCH = 50
/** Events kept while the collector is away; the oldest batches go first. */
const MAX_KEPT = 200
/** Failures in a row after which only a new page or a new connection tries again: the endpoint may be blocked. */
const MAX_FAILURES = 9

/** What is true at the moment of sending. */
export type Stamp = Pick<Batch, 'sent_at' | 'consent'>

export interface QueueOptions {
  /** The site's public write key. */
  key: string
  beacon: Beacon
  /** The stamp of a batch that is sent now; nothing while nothing may be stored or sent. */
  stamp: () => Stamp | undefined
  /** Hears how each request ended: the collector's answer, or the `{ status }` of its refusal. */
  sent: (batch: Batch, result: unknown) => void
}

export interface Queue {
  add(event: WireEvent, visitor: string): void
  flush(): void
  /** Sends again at once what failed. */
  retry(): void
  /** From now on all that waits is written to storage as well, with what pages that are gone have left there. */
  open(): void
  /** Forgets everything, on every page of the site. */
  clear(): void
  stop(): void
}

export function createQueue({ key, beacon, stamp, sent }: QueueOptions): Queue {
  /** All that is not acknowledged, the oldest first. */
  let batches: Sealed[] = []
  const inFlight = new Set<Sealed>()
  let failures = 0
  let backingOff = false
  let timer = 0
  let outbox: string | undefined

  function save() {
    while (batches.flatMap(({ events }) => events).length > MAX_KEPT) batches.shift()
    if (outbox) writeOutbox(outbox, batches)
  }

  function linger() {
    timer ||= later(flush, LINGER)
  }

  function stop() {
    clearTimeout(timer)
    timer = 0
  }

  function flush() {
    const stamped = stamp()
    if (backingOff || !stamped) return
    stop()
    for (const sealed of batches) {
      const batch = { ...sealed, ...stamped }
      if (!inFlight.has(sealed) && beacon(JSON.stringify(batch), answer => settle(sealed, batch, answer))) {
        inFlight.add(sealed)
      }
    }
  }

  function settle(sealed: Sealed, batch: Batch, answer?: Response) {
    inFlight.delete(sealed)
    if (answer && answer.status < 500 && answer.status !== 429) {
      failures = 0
      batches = batches.filter(other => other !== sealed)
      save()
      const refusal = { status: answer.status }
      void answer
        .json()
        .catch(() => refusal)
        .then((result: unknown) => sent(batch, answer.ok ? result : refusal))
    } else if (!backingOff) {
      backingOff = true
      stop()
      const asked = Number(answer?.headers.get('retry-after')) * 1_000
      if (++failures < MAX_FAILURES) timer = later(retry, asked || 2 ** failures * 500 * (1 + Math.random()))
    }
  }

  function retry() {
    backingOff = false
    flush()
  }

  return {
    add(event, visitor) {
      let last = batches.at(-1)
      if (!last || inFlight.has(last) || last.visitor !== visitor || last.events.length === MAX_BATCH) {
        batches.push((last = { v: 1, key, visitor, events: [] }))
      }
      last.events.push(event)
      save()
      if (last.events.length < FULL) linger()
      else flush()
    },
    flush,
    retry,
    open() {
      outbox ??= outboxKey()
      save()
      adoptOutboxes(outbox, orphans => {
        batches = [...orphans, ...batches]
        save()
        linger()
      })
    },
    clear() {
      batches = []
      clearOutboxes()
    },
    stop,
  }
}
