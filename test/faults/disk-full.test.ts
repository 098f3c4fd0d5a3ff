import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { wireEvent } from '../collector.ts'
import { misbehavingDisk, testWithDisk, type Mode } from './disk.ts'
import { eventsKept } from './kept.ts'
import type { Plant } from './plant.ts'
import { serve, writeKeyOf, type CollectorProcess } from './process.ts'
import { ask, post } from './send.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-full-'))
const running = new Set<CollectorProcess>()
const mounted: string[] = []
afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL')
  for (const place of mounted) execFileSync('umount', ['--lazy', place])
  rmSync(folder, { recursive: true, force: true })
})

/** A place for a database, whose disk can be broken and mended. */
interface Place {
  root: string
  env: Record<string, string>
  fail: () => void
  mend: () => void
}

interface Story {
  /** Statuses while the disk fails. */
  failing: Set<number>
  retryAfter: string | null
  /** Statuses of the API, of /healthz and of /readyz meanwhile. */
  meanwhile: { leads: number; healthz: number; readyz: number }
  acknowledged: number
  lost: number
  /** What the collector said of it. */
  log: string
}

/** Before, while and after the disk takes no writes. */
async function live({ root, env, fail, mend }: Place, plants: Plant[] = []): Promise<Story> {
  const file = join(root, 'leadlight.db')
  const collector = serve(file, { plants, env })
  running.add(collector)
  const url = await collector.ready
  const key = writeKeyOf(file)
  const acknowledged = new Set<number>()
  let next = 0
  const send = async () => {
    const seq = next++
    const answer = await post(url, key, `visitor-${seq % 5}`, [
      wireEvent('page_view', { view: 'v', seq, properties: { text: 'x'.repeat(5_000) } }),
    ])
    if (answer.status === 202) acknowledged.add(seq)
    return answer
  }
  for (let i = 0; i < 20; i++) expect((await send()).status).toBe(202)

  fail()
  // What was written before can be written over for a while.
  let answer = await send()
  for (let tries = 0; answer.status === 202 && tries < 200 && plants.length === 0; tries++) answer = await send()
  const failing = new Set([answer.status])
  for (const { status } of await Promise.all(Array.from({ length: 30 }, send))) failing.add(status)
  const status = async (path: string) => (await ask(url, path)).status
  const meanwhile = {
    leads: await status('/v1/leads'),
    healthz: await status('/healthz'),
    readyz: await status('/readyz'),
  }

  mend()
  if (plants.length === 0) await expect.poll(() => status('/readyz')).toBe(200)
  for (let i = 0; i < 20; i++) expect((await send()).status).toBe(202)
  collector.child.kill('SIGTERM')
  expect(await collector.end).toBe(0)
  running.delete(collector)
  const kept = eventsKept(file)
  return {
    failing,
    retryAfter: answer.headers.get('retry-after'),
    meanwhile,
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter(seq => !kept.has(seq)).length,
    log: collector.said.err,
  }
}

function expectHonest({ failing, retryAfter, meanwhile, acknowledged, lost, log }: Story, told: RegExp): void {
  expect(failing).toEqual(new Set([503]))
  expect(Number(retryAfter)).toBeGreaterThan(0)
  expect(meanwhile).toEqual({ leads: 200, healthz: 200, readyz: 503 })
  expect(acknowledged).toBeGreaterThanOrEqual(40)
  expect(lost).toBe(0)
  expect(log).toMatch(told)
  expect(log.split('\n').filter(line => line.includes('cannot be written'))).toHaveLength(1)
  expect(log).toContain('Events are written again.')
}

function pretended(mode: Mode): Place {
  const root = mkdtempSync(join(folder, `${mode}-`))
  const disk = misbehavingDisk(root, `${root}.control`)
  return { root, env: disk.env, fail: () => disk.be(mode), mend: () => disk.be('healthy') }
}

for (const [mode, told] of [
  ['full', /the disk is full/],
  ['read-only', /the disk fails|the database is read-only/],
] as const) {
  testWithDisk(`a ${mode} disk: 503 with Retry-After, the API answers on, and it resumes by itself`, async () =>
    expectHonest(await live(pretended(mode)), told),
  )
}

/** A small file system in memory, where this machine lets us have one. */
function smallDisk(): Place | null {
  const root = join(folder, 'tmpfs')
  mkdirSync(root)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', root], { stdio: 'ignore' })
  } catch {
    return null
  }
  mounted.push(root)
  return { root, env: {}, fail: () => fill(join(root, 'filler')), mend: () => rmSync(join(root, 'filler')) }
}

function fill(file: string): void {
  const fd = openSync(file, 'w')
  try {
    for (;;) writeSync(fd, Buffer.alloc(4_096))
  } catch {
    closeSync(fd)
  }
}

test('a file system that really is full, where one can be mounted', async context => {
  const place = smallDisk()
  if (!place) context.skip('only root may mount')
  else expectHonest(await live(place), /the disk is full/)
})

const SWALLOWED: Plant = {
  module: 'collector/ingest/group',
  find: 'for (const { reject } of group)',
  replace: `for (const { resolve } of group) resolve({ stored: 1, duplicate: 0, quarantined: 0 })
    for (const { reject } of [])`,
}
testWithDisk('planted: a swallowed error is a false acknowledgement, and this test finds it', async () => {
  const { failing, lost } = await live(pretended('full'), [SWALLOWED])
  expect(failing).toContain(202)
  expect(lost).toBeGreaterThan(0)
})
