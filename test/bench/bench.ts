// What the collector costs, as ratios to bare baselines of the same run. Timings never decide a test.
//   npm run bench -- --seconds 3 --runs 5 --seed 1 --growth 1000000,10000000 --trial echo,one,page
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CONNECTIONS, dice, offer } from './load.ts'
import { pageCost } from './page.ts'
import { ROWS, type Usage } from './usage.ts'

const given = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    /** Also with so many events stored before; ten million take some minutes to fill and 4 GB. */
    growth: { type: 'string', default: '' },
    trial: { type: 'string', default: '' },
  },
}).values

interface Trial {
  id: string
  name: string
  /** Arguments of server.ts; equal ones share a process. */
  server: string[]
  /** Events of one request; 0 where there are no requests. */
  events: number
  /** The trial that it is a ratio of, per `unit`. */
  against?: { id: string; unit: 'request' | 'event' }
  /** Offered rate as a share of what another trial reached. */
  pace?: { id: string; share: number }
}

const GROWTH = given.growth.split(',').filter(count => count !== '')

const ALL: Trial[] = [
  { id: 'echo', name: 'bare Hono echo', server: ['echo'], events: 1 },
  { id: 'insert', name: 'bare inserts of the same rows', server: ['insert'], events: 0 },
  ...['0', ...GROWTH].flatMap((earlier): Trial[] => {
    const after = earlier === '0' ? '' : ` after ${Number(earlier).toLocaleString('en')}`
    const server = ['collector', earlier]
    const mark = earlier === '0' ? '' : `@${earlier}`
    return [
      { id: `one${mark}`, name: `one event${after}`, server, events: 1, against: { id: 'echo', unit: 'request' } },
      {
        id: `half${mark}`,
        name: `one event at half the peak${after}`,
        server,
        events: 1,
        pace: { id: `one${mark}`, share: 0.5 },
      },
      { id: `batch${mark}`, name: `batch of 20${after}`, server, events: 20, against: { id: 'insert', unit: 'event' } },
    ]
  }),
]
const TRIALS = ALL.filter(({ id }) => given.trial === '' || given.trial.split(',').includes(id))

interface Measured {
  requests: number
  /** Microseconds of CPU of the server's whole process, an event or echo. */
  cpu: number
  /** Milliseconds. */
  p50: number
  p99: number
  megabytes: number
  /** Grown on disk, an event. */
  bytes: number
}

interface Server {
  child: ChildProcess
  url: string
  key: string
}

const pick = dice(Number(given.seed))
const servers = new Map<string, Server>()

async function serverFor({ server }: Trial): Promise<Server> {
  const name = server.join(' ')
  const known = servers.get(name)
  if (known) return known
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), server)
  const [{ url, key }] = (await once(child, 'message')) as [{ url: string; key: string }]
  const started = { child, url, key }
  servers.set(name, started)
  return started
}

async function usageOf({ child }: Server): Promise<Usage> {
  child.send('usage')
  const [usage] = (await once(child, 'message')) as [Usage]
  return usage
}

async function measure(trial: Trial, milliseconds: number): Promise<Measured> {
  const server = await serverFor(trial)
  const peak = trial.pace && median(trial.pace.id, 'requests')
  const before = await usageOf(server)
  const started = performance.now()
  const load = { url: server.url, key: server.key, eventsPerRequest: trial.events, milliseconds }
  const rate = trial.pace && peak ? peak * trial.pace.share : undefined
  const latencies = trial.events > 0 ? await offer(rate ? { ...load, rate } : load, pick) : []
  const seconds = (performance.now() - started) / 1_000
  const after = await usageOf(server)
  const events = trial.events > 0 ? latencies.length * trial.events : ROWS
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN
  return {
    requests: latencies.length / seconds,
    cpu: (after.cpu - before.cpu) / events,
    p50: quantile(0.5),
    p99: quantile(0.99),
    megabytes: after.memory / 2 ** 20,
    bytes: (after.disk - before.disk) / events,
  }
}

const results = new Map<string, Measured[]>(TRIALS.map(({ id }) => [id, []]))

function median(id: string, field: keyof Measured): number {
  const values = (results.get(id) ?? []).map(run => run[field]).toSorted((a, b) => a - b)
  return values[Math.floor(values.length / 2)] ?? Number.NaN
}

for (const { pace: _, ...trial } of TRIALS) await measure(trial, 2_000) // warm-up
// Interleaved, so that a busy moment of the machine falls on all trials.
for (let run = 1; run <= Number(given.runs); run++) {
  for (const trial of TRIALS) {
    process.stderr.write(`run ${run} of ${given.runs}: ${trial.name}\n`)
    results.get(trial.id)?.push(await measure(trial, Number(given.seconds) * 1_000))
  }
}
for (const { child } of servers.values()) child.disconnect()

const round = (value: number, digits = 0) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : '')

if (given.trial === '' || given.trial.split(',').includes('page')) {
  process.stderr.write('a page with the script, and without\n')
  console.table(await pageCost())
}

if (TRIALS.length > 0) report()

function report(): void {
  process.stdout.write(
    `\nMedians of ${given.runs} interleaved runs of ${given.seconds} s, ${CONNECTIONS} connections, seed ${given.seed}, Node ${process.versions.node}\n`,
  )
  console.table(
    TRIALS.map(({ id, name, events, against }) => {
      const perRequest = median(id, 'cpu') * (against?.unit === 'request' ? events : 1)
      return {
        trial: name,
        'requests/s': events > 0 ? round(median(id, 'requests')) : '',
        'events/s': events > 0 ? round(median(id, 'requests') * events) : '',
        'CPU µs/event': round(median(id, 'cpu'), 1),
        ratio: against ? `${round(perRequest / median(against.id, 'cpu'), 2)} × ${against.id}` : '',
        'p50 ms': round(median(id, 'p50'), 1),
        'p99 ms': round(median(id, 'p99'), 1),
        'memory MiB': round(median(id, 'megabytes')),
        'bytes/event': events > 0 && id !== 'echo' ? round(median(id, 'bytes')) : '',
      }
    }),
  )
}
