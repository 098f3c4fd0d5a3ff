import { PERSON } from '../collector.ts'
import { uuidv7 } from '../../shared/uuid.ts'

/** Events a second, whatever the answers: as visitors do, who do not wait for each other. */
export const OFFERED = 2_000
const EVENTS_A_BATCH = 10
const EVERY = (EVENTS_A_BATCH / OFFERED) * 1_000
const VISITORS = 5_000

interface Batch {
  /** Running numbers of its events. */
  numbers: number[]
  visitor: string
  events: object[]
}

/** Visitors who go on sending while collectors come and go. Every event carries a running number: `properties.n`. */
export interface Load {
  /** By running number: the event's id. */
  sent: Map<number, string>
  /** Running numbers of events that a collector has answered 202 for. */
  acknowledged: Set<number>
  /** Milliseconds during which events were offered. */
  time: number
  /** Sends until `ending` aborts, telling of the first batch that is kept; resolves when no answer is awaited any more. */
  offer(url: string, key: string, ending: AbortSignal, onFirst: () => void): Promise<void>
}

/** What gets no answer is sent again to the next collector, and one answered batch in ten too, like answers lost on their way. */
export function createLoad(): Load {
  const sent = new Map<number, string>()
  const acknowledged = new Set<number>()
  const again: Batch[] = []
  let answered = 0
  let tellFirst: (() => void) | null = null

  function newBatch(): Batch {
    const numbers = Array.from({ length: EVENTS_A_BATCH }, (_, i) => sent.size + i)
    const now = Date.now()
    const events = numbers.map(n => {
      const id = uuidv7(now, crypto.getRandomValues(new Uint8Array(10)))
      sent.set(n, id)
      return { id, type: n % 3 === 0 ? 'add_to_cart' : 'page_view', at: now, properties: { n, item_id: `A${n % 7}` } }
    })
    return { numbers, visitor: `visitor-${Math.floor(Math.random() * VISITORS)}`, events }
  }

  async function send(url: string, key: string, batch: Batch): Promise<void> {
    const { numbers, visitor, events } = batch
    try {
      const answer = await fetch(`${url}/e`, {
        method: 'POST',
        headers: { Origin: url, 'User-Agent': PERSON },
        body: JSON.stringify({ v: 1, key, visitor, sent_at: Date.now(), events }),
      })
      // With the status line the promise is made, even if a kill cuts the body short.
      if (answer.status === 202) {
        for (const n of numbers) acknowledged.add(n)
        tellFirst?.()
        tellFirst = null
      }
      if (answer.status !== 202 || ++answered % 10 === 0) again.push(batch)
      await answer.text()
    } catch {
      again.push(batch)
    }
  }

  const load: Load = {
    sent,
    acknowledged,
    time: 0,
    async offer(url, key, ending, onFirst) {
      tellFirst = onFirst
      const started = performance.now()
      const under: Promise<void>[] = []
      let ticks = 0
      while (!ending.aborted) {
        // Late ticks are made up for: the rate is kept however busy the machine is.
        while (ticks * EVERY < performance.now() - started) {
          under.push(send(url, key, newBatch()))
          const unanswered = again.shift()
          if (unanswered) under.push(send(url, key, unanswered))
          ticks++
        }
        await new Promise(wait => setTimeout(wait, EVERY))
      }
      load.time += performance.now() - started
      await Promise.all(under)
    },
  }
  return load
}
