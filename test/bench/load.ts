import { Agent, request } from 'node:http'
import { uuidv7 } from '../../shared/uuid.ts'
import { PERSON } from '../collector.ts'

export const CONNECTIONS = 64
const VISITORS = 1_000
const TYPES = ['page_view', 'user_engagement', 'add_to_cart', 'file_download', 'click']

/** Mulberry32: the same visitors and kinds of events in every run of a seed. */
export function dice(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** An event as a shop's page sends it, with about the usual amount of text. */
export function benchEvent(pick: (below: number) => number, at: number, seq: number) {
  return {
    id: uuidv7(at, crypto.getRandomValues(new Uint8Array(10))),
    type: TYPES[pick(TYPES.length)] ?? 'page_view',
    at,
    view: `view-${pick(100)}`,
    seq,
    url: `https://shop.example/products/${pick(500)}`,
    title: 'A lamp for every evening',
    properties: { item_id: `A${pick(50)}`, engaged_ms: pick(60_000), file_extension: 'pdf' },
  }
}

export interface Load {
  url: string
  key: string
  eventsPerRequest: number
  milliseconds: number
  /** Requests a second offered; without it, as many as the server takes. */
  rate?: number
  /** A connection for every request, as browsers leave a page, instead of 64 that are kept alive. */
  connectEach?: boolean
}

/** Offers the load, 64 requests at a time; the latency of every request, in milliseconds. */
export async function offer(load: Load, pick: (below: number) => number): Promise<number[]> {
  const agent = new Agent({ keepAlive: !load.connectEach, maxSockets: CONNECTIONS })
  const latencies: number[] = []
  const started = performance.now()
  const passed = () => performance.now() - started
  let sent = 0
  const client = async () => {
    while (passed() < load.milliseconds) {
      const due = load.rate ? (sent++ / load.rate) * 1_000 : 0
      const early = due - passed()
      if (early > 0) await new Promise(wait => setTimeout(wait, early))
      latencies.push(await post(agent, load.url, body(load, pick)))
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  agent.destroy()
  return latencies
}

function body({ key, eventsPerRequest }: Load, pick: (below: number) => number): string {
  const at = Date.now()
  return JSON.stringify({
    v: 1,
    key,
    visitor: `visitor-${pick(VISITORS)}`,
    sent_at: at,
    events: Array.from({ length: eventsPerRequest }, (_, seq) => benchEvent(pick, at, seq)),
  })
}

function post(agent: Agent, url: string, text: string): Promise<number> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const headers = {
      Origin: url,
      'User-Agent': PERSON,
      'Content-Type': 'text/plain',
      'Content-Length': Buffer.byteLength(text),
    }
    const sending = request(`${url}/e`, { method: 'POST', agent, headers }, answer => {
      answer.resume().once('end', () => {
        if (answer.statusCode === 200 || answer.statusCode === 202) resolve(performance.now() - started)
        else reject(new Error(`the server answered ${answer.statusCode}`))
      })
    })
    sending.once('error', reject)
    sending.end(text)
  })
}
