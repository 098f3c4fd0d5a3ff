// Sends scripted events as fast as it can, in a process of its own: one line of JSON says what, one answers with what was answered.
import { uuidv7 } from '../../shared/uuid.ts'
import { PERSON } from '../collector.ts'
import { openConnection, post } from './connection.ts'

export interface Flood {
  url: string
  key: string
  events: number
  /** Of one request. */
  batch: number
  /** How many visitors there are; 1 is always the same one. */
  visitors: number
  connections: number
  headers: Record<string, string>
}

/** Statuses and how often each was answered. */
export type Answered = Record<number, number>

export async function flood({ url, key, events, batch, visitors, connections, headers }: Flood): Promise<Answered> {
  const answered: Answered = {}
  let sent = 0
  const client = async () => {
    const connection = await openConnection(url)
    while (sent < events) {
      const at = Date.now()
      const size = Math.min(batch, events - sent)
      const first = sent
      sent += size
      const body = JSON.stringify({
        v: 1,
        key,
        visitor: `script ${first % visitors}`,
        sent_at: at,
        events: Array.from({ length: size }, (_, n) => ({
          id: uuidv7(at, crypto.getRandomValues(new Uint8Array(10))),
          type: 'add_to_cart',
          at,
          properties: { item_id: `item ${first + n}` },
        })),
      })
      const { status } = await connection.exchange(post(url, body, { Origin: url, 'User-Agent': PERSON, ...headers }))
      answered[status] = (answered[status] ?? 0) + 1
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, client))
  return answered
}

process.on('message', (given: Flood) => {
  void flood(given).then(answered => process.send?.(answered))
})
