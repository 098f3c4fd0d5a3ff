import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { wireEvent } from '../collector.ts'
import { misbehavingDisk, testWithDisk } from './disk.ts'
import { eventsKept } from './kept.ts'
import type { Plant } from './plant.ts'
import { serve, writeKeyOf, type CollectorProcess } from './process.ts'
import { ask, post } from './send.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-overload-'))
const running = new Set<CollectorProcess>()
afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const MiB = 1024 * 1024

const residentBytes = (pid: number | undefined): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

const EVENTS = 15
/** Of about 450 kB. */
const REQUESTS = 500

interface Story {
  statuses: (number | null)[]
  refusalsSayWhen: boolean
  reads: number[]
  grownBy: number
  lost: number
}

/** A disk that hangs while many large requests arrive, and then works again. */
async function stalled(name: string, requests: number, plants: Plant[] = []): Promise<Story> {
  const root = mkdtempSync(join(folder, `${name}-`))
  const file = join(root, 'leadlight.db')
  const disk = misbehavingDisk(root, `${root}.control`)
  const collector = serve(file, { plants, env: disk.env })
  running.add(collector)
  const url = await collector.ready
  const key = writeKeyOf(file)
  const filler = Array.from({ length: 30 }, () => 'x'.repeat(980))
  const send = async (number: number) => {
    const events = Array.from({ length: EVENTS }, (_, i) =>
      wireEvent('page_view', { view: 'v', seq: number * EVENTS + i, properties: { filler } }),
    )
    const answer = await post(url, key, `visitor-${number}`, events).catch(() => null)
    if (answer?.status === 503) refusals.push(answer.headers.get('retry-after'))
    return answer?.status ?? null
  }
  const refusals: (string | null)[] = []

  const before = residentBytes(collector.child.pid)
  disk.be('stalled')
  const under: Promise<number | null>[] = []
  let grownBy = 0
  for (let number = 0; number < requests; number++) {
    under.push(send(number))
    if (number % 20 === 19) await new Promise(wait => setTimeout(wait, 50))
    grownBy = Math.max(grownBy, residentBytes(collector.child.pid) - before)
  }
  const reads = await Promise.all(['/v1/leads', '/healthz'].map(async path => (await ask(url, path)).status))
  disk.be('healthy')
  const statuses = await Promise.all(under)
  collector.child.kill('SIGTERM')
  await collector.end
  running.delete(collector)
  const kept = eventsKept(file)
  return {
    statuses,
    refusalsSayWhen: refusals.every(after => Number(after) > 0),
    reads,
    grownBy,
    lost: statuses.filter((status, number) => status === 202 && !kept.has(number * EVENTS)).length,
  }
}

/**
 * What waits, 32 MiB, takes several times its size: as bytes, as text, as objects, on its way to the writing thread. What was
 * refused is garbage for a while. Without a bound it would be as many times of all that was sent.
 */
const MOST = 400 * MiB

testWithDisk(
  'a disk that hangs: what cannot be kept safe is refused before memory grows, the rest is answered when it is kept',
  async () => {
    const { statuses, refusalsSayWhen, reads, grownBy, lost } = await stalled('bounded', REQUESTS)
    const accepted = statuses.filter(status => status === 202).length
    process.stdout.write(
      `${REQUESTS} requests at a disk that hangs: ${accepted} waited, memory grew by ${Math.round(grownBy / MiB)} MiB\n`,
    )
    expect(new Set(statuses)).toEqual(new Set([202, 503]))
    expect(accepted).toBeLessThan(100)
    expect(accepted).toBeGreaterThan(50)
    expect(refusalsSayWhen).toBe(true)
    expect(reads).toEqual([200, 200])
    expect(grownBy).toBeLessThan(MOST)
    expect(lost).toBe(0)
  },
)

const BOUNDLESS: Plant = {
  module: 'collector/ingest/group',
  find: 'bytes: 32 * 1024 * 1024',
  replace: 'bytes: Infinity',
}
testWithDisk('planted: no bound in bytes, and this test finds it', async () => {
  const { statuses, grownBy } = await stalled('boundless', 1.6 * REQUESTS, [BOUNDLESS])
  process.stdout.write(`without a bound, memory grew by ${Math.round(grownBy / MiB)} MiB\n`)
  expect(new Set(statuses)).toEqual(new Set([202]))
  expect(grownBy).toBeGreaterThan(MOST)
})

/** The fault: at its fourth write, the thread dies. */
const DEADLY: Plant = {
  module: 'collector/ingest/writer-thread',
  find: `if (request.verb === 'record') {`,
  replace: `globalThis.writes = (globalThis.writes ?? 0) + (request.verb === 'record' ? 1 : 0)
    if (globalThis.writes > 3) await new Promise(() => setImmediate(() => { throw new Error('the writing thread is dead') }))
    if (request.verb === 'record') {`,
}

interface Death {
  how: number | NodeJS.Signals | 'goes on'
  statuses: (number | null)[]
  lost: number
  log: string
}

async function orphaned(name: string, plants: Plant[] = []): Promise<Death> {
  const file = join(folder, `${name}.db`)
  const collector = serve(file, { plants: [DEADLY, ...plants] })
  running.add(collector)
  const url = await collector.ready
  const key = writeKeyOf(file)
  const send = async (seq: number) =>
    (await post(url, key, 'ada', [wireEvent('page_view', { view: 'v', seq })]).catch(() => null))?.status ?? null
  const statuses: (number | null)[] = []
  for (let seq = 0; seq < 3; seq++) statuses.push(await send(seq))
  statuses.push(...(await Promise.all(Array.from({ length: 20 }, (_, i) => send(3 + i)))))
  const how = await Promise.race([
    collector.end,
    new Promise<'goes on'>(late => setTimeout(() => late('goes on'), 15_000)),
  ])
  collector.child.kill('SIGKILL')
  await collector.end
  const kept = eventsKept(file)
  const lost = statuses.filter((status, seq) => status === 202 && !kept.has(seq)).length
  return { how, statuses, lost, log: collector.said.err }
}

test('the death of the writing thread: what waits is refused, and the process ends with a message', async () => {
  const { how, statuses, lost, log } = await orphaned('orphaned')
  expect(statuses.slice(0, 4)).toEqual([202, 202, 202, 503])
  expect(new Set(statuses.slice(4).filter(status => status !== null))).toEqual(new Set([503]))
  expect([how, lost]).toEqual([1, 0])
  expect(log).toContain('the writing thread is dead')
})

const DEAF: Plant = {
  module: 'collector/store/thread',
  find: `worker.on('error', fail)`,
  replace: `worker.on('error', end)`,
}
test('planted: a collector that lives on without its writer, and this test finds it', async () => {
  const { how, statuses } = await orphaned('deaf', [DEAF])
  expect([how, statuses.slice(3).includes(202)]).toEqual(['goes on', false])
})
