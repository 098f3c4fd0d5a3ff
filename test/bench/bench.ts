// What the collector costs, as ratios to bare baselines of the same run. Timings never decide a test.
//   npm run bench                                           some minutes
//   npm run bench -- --runs 5 --growth 10000000 --slow-disk --minutes 5
//                                                           everything: half an hour, 5 GB of disk
//   npm run bench -- --seconds 1 --runs 1 --trial echo,one  a glance
//   npm run bench -- --trial page                           what the script costs a page
import { parseArgs } from 'node:util'
import { median } from '../median.ts'
import { judging } from './judging.ts'
import { CONNECTIONS, dice, offer } from './load.ts'
import { pageCost } from './page.ts'
import { start, type Measured, type Server } from './process.ts'
import { ROWS } from './usage.ts'

const given = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    /** Also with so many events stored before; ten million take some minutes to fill. */
    growth: { type: 'string', default: '' },
    /** Also with a new connection for each request, on this disk and on one whose flushes take 5 ms longer. */
    'slow-disk': { type: 'boolean', default: false },
    /** Also for so long at half the peak, to see whether memory stays flat. */
    minutes: { type: 'string', default: '0' },
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
  /** The trial that its CPU is a ratio of, per `unit`. */
  against?: { id: string; unit: 'request' | 'event' }
  /** Offered rate as a share of what another trial reached. */
  pace?: { id: string; share: number }
  /** The trial that its rate is a ratio of. */
  rateOf?: string
  connectEach?: true
}

const GROWTH = given.growth.split(',').filter(count => count !== '')
const collector = ['collector', '0']

const ALL: Trial[] = [
  { id: 'echo', name: 'bare Hono echo', server: ['echo'], events: 1 },
  { id: 'insert', name: 'bare inserts of the same rows', server: ['insert'], events: 0 },
  ...['0', ...GROWTH].flatMap((earlier): Trial[] => {
    const after = earlier === '0' ? '' : ` after ${Number(earlier).toLocaleString('en')}`
    const mark = earlier === '0' ? '' : `@${earlier}`
    const [one, batch] = [`one${mark}`, `batch${mark}`]
    const ofEmpty = (id: string) => (earlier === '0' ? {} : { rateOf: id })
    const shared = { server: ['collector', earlier] }
    return [
      {
        id: one,
        name: `one event${after}`,
        ...shared,
        events: 1,
        against: { id: 'echo', unit: 'request' },
        ...ofEmpty('one'),
      },
      { id: `half${mark}`, name: `half of that rate${after}`, ...shared, events: 1, pace: { id: one, share: 0.5 } },
      {
        id: batch,
        name: `batch of 20${after}`,
        ...shared,
        events: 20,
        against: { id: 'insert', unit: 'event' },
        ...ofEmpty('batch'),
      },
    ]
  }),
  ...(given['slow-disk']
    ? ([
        { id: 'new', name: 'a new connection each', server: collector, events: 1, connectEach: true },
        {
          id: 'slow',
          name: 'the same, flushes 5 ms slower',
          server: ['collector', '0', 'slow'],
          events: 1,
          connectEach: true,
          rateOf: 'new',
        },
      ] satisfies Trial[])
    : []),
]
const TRIALS = ALL.filter(({ id }) => given.trial === '' || given.trial.split(',').includes(id))

const say = (line: string) => process.stderr.write(`${line}\n`)
const print = (line: string) => process.stdout.write(`${line}\n`)
const round = (value: number, digits = 0) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : '')

const pick = dice(Number(given.seed))
const servers = new Map<string, Promise<Server>>()
const results = new Map<string, Measured[]>(TRIALS.map(({ id }) => [id, []]))
const of = (id: string, field: keyof Measured): number => median((results.get(id) ?? []).map(run => run[field]))

function serverFor({ server }: Pick<Trial, 'server'>): Promise<Server> {
  const name = server.join(' ')
  const known = servers.get(name) ?? start(server)
  servers.set(name, known)
  return known
}

async function measure(trial: Trial, milliseconds: number): Promise<Measured> {
  const server = await serverFor(trial)
  const peak = trial.pace && of(trial.pace.id, 'requests')
  const before = await server.ask('commits')
  const started = performance.now()
  const load = {
    url: server.url,
    key: server.key,
    eventsPerRequest: trial.events,
    milliseconds,
    ...(trial.connectEach && { connectEach: true }),
  }
  const rate = trial.pace && peak ? peak * trial.pace.share : undefined
  const latencies = trial.events > 0 ? await offer(rate ? { ...load, rate } : load, pick) : []
  const seconds = (performance.now() - started) / 1_000
  const after = await server.ask('commits')
  const events = trial.events > 0 ? latencies.length * trial.events : ROWS
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN
  return {
    requests: latencies.length / seconds,
    cpu: (after.cpu - before.cpu) / events,
    p50: quantile(0.5),
    p99: quantile(0.99),
    megabytes: after.memory / 2 ** 20,
    rows: events / ((after.commits ?? Number.NaN) - (before.commits ?? Number.NaN)),
  }
}

// Fewer events, and compiling is most of what is measured: V8 still optimizes after some ten thousand.
const WARM_UP = { events: 60_000, most: 60_000 }
for (const { pace: _, ...trial } of TRIALS) {
  say(`warming up: ${trial.name}`)
  const started = performance.now()
  for (let events = 0; events < WARM_UP.events && performance.now() - started < WARM_UP.most;) {
    const { requests } = await measure(trial, 5_000)
    events += trial.events > 0 ? requests * 5 * trial.events : WARM_UP.events
  }
}
// Interleaved, so that a busy moment of the machine falls on all trials.
for (let run = 1; run <= Number(given.runs); run++) {
  for (const trial of TRIALS) {
    say(`run ${run} of ${given.runs}: ${trial.name}`)
    results.get(trial.id)?.push(await measure(trial, Number(given.seconds) * 1_000))
  }
}

if (given.trial === '' || given.trial.split(',').includes('page')) {
  say('a page with the script, and without')
  console.table(await pageCost())
}

if (TRIALS.length > 0) report()

if (Number(given.minutes) > 0) await sitOut(Number(given.minutes))

for (const [name, starting] of servers) {
  const server = await starting
  const { disk } = await server.ask('close')
  if (disk !== undefined) print(`${name}: ${round(disk)} bytes an event on disk, indexes and persons included`)
  server.stop()
}

if (given.trial === '') {
  const { alone, batch } = judging(pick, Number(given.runs), say)
  const first = alone[0]?.cpu ?? Number.NaN
  for (const { history, cpu } of alone)
    print(
      `judging an event after ${history.toLocaleString('en')}: ${round(cpu, 1)} µs, ${round(cpu / first, 2)} × the first`,
    )
  print(`judging is ${share(first, 'one')} of the CPU of one event, ${share(batch, 'batch')} of an event in a batch`)
}

function share(cpu: number, id: string): string {
  return `${round((cpu / of(id, 'cpu')) * 100)} %`
}

/** Half the peak for some minutes: how much memory, at first and at last. */
async function sitOut(minutes: number): Promise<void> {
  const server = await serverFor({ server: collector })
  const rate = of('one', 'requests') / 2
  const most: number[] = []
  for (let minute = 1; minute <= minutes; minute++) {
    const seen: number[] = []
    for (let part = 0; part < 6; part++) {
      await offer({ url: server.url, key: server.key, eventsPerRequest: 1, milliseconds: 10_000, rate }, pick)
      seen.push((await server.ask('usage')).memory / 2 ** 20)
    }
    most.push(Math.max(...seen))
    say(`minute ${minute} of ${minutes}: at most ${round(most.at(-1)!)} MiB`)
  }
  print(`memory at half the peak, the most of each minute: ${most.map(value => round(value)).join(', ')} MiB`)
}

function report(): void {
  print(
    `\nMedians of ${given.runs} interleaved runs of ${given.seconds} s, ${CONNECTIONS} connections, seed ${given.seed}, Node ${process.versions.node}`,
  )
  console.table(
    TRIALS.map(({ id, name, events, against, rateOf }) => {
      const perRequest = of(id, 'cpu') * (against?.unit === 'request' ? events : 1)
      return {
        trial: name,
        'requests/s': events > 0 ? round(of(id, 'requests')) : '',
        'events/s': events > 0 ? round(of(id, 'requests') * events) : '',
        rate: rateOf ? `${round(of(id, 'requests') / of(rateOf, 'requests'), 2)} × ${rateOf}` : '',
        'CPU µs/event': round(of(id, 'cpu'), 1),
        ratio: against ? `${round(perRequest / of(against.id, 'cpu'), 2)} × ${against.id}` : '',
        'p50 ms': round(of(id, 'p50'), 1),
        'p99 ms': round(of(id, 'p99'), 1),
        'events/commit': round(of(id, 'rows'), 1),
        'memory MiB': round(of(id, 'megabytes')),
      }
    }),
  )
}
