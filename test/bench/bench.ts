// CPU per request of the collector, as a ratio to a bare Hono echo in the same run. `npm run bench -- --seconds 4`
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { uuidv7 } from '../../shared/uuid.ts'
import { PERSON } from '../collector.ts'

const { seconds, runs, seed } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
}).values

const CONNECTIONS = 64
const VISITORS = 1_000
const TYPES = ['page_view', 'user_engagement', 'add_to_cart', 'file_download', 'click']

interface Trial {
  name: string
  server: 'echo' | 'collector'
  eventsPerRequest: number
}

const TRIALS: Trial[] = [
  { name: 'bare Hono echo', server: 'echo', eventsPerRequest: 1 },
  { name: 'one event, durable and scored', server: 'collector', eventsPerRequest: 1 },
  { name: 'batch of 20, durable and scored', server: 'collector', eventsPerRequest: 20 },
]

interface Measured {
  requestsPerSecond: number
  /** Microseconds of CPU of the server's whole process, a request. */
  cpu: number
  /** Milliseconds. */
  p50: number
  p99: number
}

interface Server {
  child: ChildProcess
  url: string
  key: string
}

async function startServer(kind: string): Promise<Server> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [kind])
  const [{ url, key }] = (await once(child, 'message')) as [{ url: string; key: string }]
  return { child, url, key }
}

async function cpuTime(child: ChildProcess): Promise<number> {
  child.send('cpu')
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: number }]
  return cpu
}

/** Mulberry32: the same visitors and kinds of events in every run. */
function random(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const dice = random(Number(seed))
const pick = (below: number) => Math.floor(dice() * below)

function body(key: string, events: number): string {
  const at = Date.now()
  return JSON.stringify({
    v: 1,
    key,
    visitor: `visitor-${pick(VISITORS)}`,
    sent_at: at,
    events: Array.from({ length: events }, (_, seq) => ({
      id: uuidv7(at, crypto.getRandomValues(new Uint8Array(10))),
      type: TYPES[pick(TYPES.length)],
      at,
      view: `view-${pick(100)}`,
      seq,
      url: `https://shop.example/products/${pick(500)}`,
      title: 'A lamp for every evening',
      properties: { item_id: `A${pick(50)}`, engaged_ms: pick(60_000), file_extension: 'pdf' },
    })),
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

async function measure({ child, url, key }: Server, { eventsPerRequest }: Trial, forMs: number): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const latencies: number[] = []
  const before = await cpuTime(child)
  const started = performance.now()
  const client = async () => {
    while (performance.now() - started < forMs) latencies.push(await post(agent, url, body(key, eventsPerRequest)))
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  const elapsed = performance.now() - started
  const cpu = (await cpuTime(child)) - before
  agent.destroy()
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN
  return {
    requestsPerSecond: (latencies.length / elapsed) * 1_000,
    cpu: cpu / latencies.length,
    p50: quantile(0.5),
    p99: quantile(0.99),
  }
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const servers = new Map<string, Server>()
for (const kind of new Set(TRIALS.map(trial => trial.server))) servers.set(kind, await startServer(kind))
const serverOf = (trial: Trial): Server => {
  const server = servers.get(trial.server)
  if (!server) throw new Error(`no server for ${trial.name}`)
  return server
}

// Runs of the trials are interleaved, so that a busy moment of the machine falls on all of them.
const results = new Map(TRIALS.map(trial => [trial, [] as Measured[]]))
for (const trial of TRIALS) await measure(serverOf(trial), trial, 1_000) // warm-up
for (let run = 0; run < Number(runs); run++) {
  for (const trial of TRIALS) {
    process.stderr.write(`run ${run + 1} of ${runs}: ${trial.name}\n`)
    results.get(trial)?.push(await measure(serverOf(trial), trial, Number(seconds) * 1_000))
  }
}
for (const { child } of servers.values()) child.disconnect()

const summary = (trial: Trial, field: keyof Measured) => median((results.get(trial) ?? []).map(run => run[field]))
const echo = TRIALS[0] ? summary(TRIALS[0], 'cpu') : Number.NaN
process.stdout.write(
  `\nMedians of ${runs} interleaved runs of ${seconds} s, ${CONNECTIONS} connections, seed ${seed}, Node ${process.versions.node}\n`,
)
console.table(
  TRIALS.map(trial => ({
    trial: trial.name,
    'requests/s': Math.round(summary(trial, 'requestsPerSecond')),
    'events/s': Math.round(summary(trial, 'requestsPerSecond') * trial.eventsPerRequest),
    'CPU µs/request': Math.round(summary(trial, 'cpu')),
    'CPU µs/event': Math.round(summary(trial, 'cpu') / trial.eventsPerRequest),
    '× echo a request': Number((summary(trial, 'cpu') / echo).toFixed(2)),
    'p50 ms': Number(summary(trial, 'p50').toFixed(1)),
    'p99 ms': Number(summary(trial, 'p99').toFixed(1)),
  })),
)
