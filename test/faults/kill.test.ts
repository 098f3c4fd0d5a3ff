import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { createLoad, type Load } from './load.ts'
import type { Plant } from './plant.ts'
import { serve, writeKeyOf, type CollectorProcess } from './process.ts'

const KILLS = 100

const folder = mkdtempSync(join(tmpdir(), 'leadlight-kill-'))
const running = new Set<CollectorProcess>()
afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const sleep = (milliseconds: number) => new Promise(wait => setTimeout(wait, milliseconds))

interface Tally {
  sent: number
  acknowledged: number
  kept: number
  lost: number[]
  doubled: number[]
  /** Kept, but never sent, or not as it was sent. */
  invented: unknown[]
  offeredPerSecond: number
}

const together = (a: Tally, b: Tally): Tally => ({
  sent: a.sent + b.sent,
  acknowledged: a.acknowledged + b.acknowledged,
  kept: a.kept + b.kept,
  lost: [...a.lost, ...b.lost],
  doubled: [...a.doubled, ...b.doubled],
  invented: [...a.invented, ...b.invented],
  offeredPerSecond: a.offeredPerSecond + b.offeredPerSecond,
})

/**
 * Kills collectors of one database, one after the other: of ten, eight at random moments while events are kept, one as
 * soon as it listens, and one while it starts.
 */
async function killed(name: string, kills: number, plants: Plant[] = []): Promise<Tally> {
  const file = join(folder, `${name}.db`)
  const load = createLoad()
  const launch = () => {
    const launched = serve(file, { plants })
    running.add(launched)
    void launched.end.then(() => running.delete(launched))
    return launched
  }
  const kill = async ({ child, end }: CollectorProcess) => {
    child.kill('SIGKILL')
    await end
  }

  let next = launch()
  for (let round = 0; round < kills; round++) {
    const current = next
    if (round % 10 === 9) {
      await sleep(Math.random() * 500)
      next = launch()
      await kill(current)
      continue
    }
    const url = await current.ready
    next = launch() // loads meanwhile, and waits for the database
    const ending = new AbortController()
    const later = () => setTimeout(() => void kill(current).then(() => ending.abort()), Math.random() * 500)
    if (round % 10 === 4) later()
    await load.offer(url, writeKeyOf(file), ending.signal, round % 10 === 4 ? () => {} : later)
  }
  await next.ready // what is left must be good enough to start from
  await kill(next)
  return count(file, load)
}

function count(file: string, { sent, acknowledged, time }: Load): Tally {
  const database = new Database(file)
  const rows = database.prepare(`SELECT properties ->> 'n' AS n, lower(hex(id)) AS id FROM events`).all() as {
    n: number
    id: string
  }[]
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
  const kept = new Set(rows.map(({ n }) => n))
  const seen = new Set<number>()
  return {
    sent: sent.size,
    acknowledged: acknowledged.size,
    kept: rows.length,
    lost: [...acknowledged].filter(n => !kept.has(n)),
    doubled: rows.map(({ n }) => n).filter(n => seen.size === seen.add(n).size),
    invented: rows.filter(({ n, id }) => sent.get(n)?.replaceAll('-', '') !== id),
    offeredPerSecond: Math.round((sent.size / time) * 1_000),
  }
}

test(`${KILLS} kills under load: every acknowledged event is there, once, and nothing else is`, async () => {
  const lanes = await Promise.all(['one', 'other'].map(name => killed(name, KILLS / 2)))
  const { sent, acknowledged, kept, offeredPerSecond, ...wrong } = lanes.reduce(together)
  process.stdout.write(
    `${KILLS} kills at ${offeredPerSecond} events/s offered: ${sent} sent, ${acknowledged} acknowledged, ${kept} kept\n`,
  )
  expect(offeredPerSecond).toBeGreaterThanOrEqual(1_000)
  expect(acknowledged, 'the collectors must carry load').toBeGreaterThan(50 * KILLS)
  expect(wrong).toEqual({ lost: [], doubled: [], invented: [] })
})

const WRITE_BEHIND: Plant = {
  module: 'collector/ingest/group',
  find: 'const outcomes = await write(',
  replace: `for (const { resolve } of group) resolve({ stored: 0, duplicate: 0, quarantined: 0 });
    await new Promise(wait => setTimeout(wait, 50));
    const outcomes = await write(`,
}

test('planted: answers before the commit lose events, and this test finds it', async () => {
  const { lost, doubled, invented } = await killed('write-behind', 6, [WRITE_BEHIND])
  expect(lost.length).toBeGreaterThan(0)
  expect([doubled, invented]).toEqual([[], []])
})

const FORGETFUL: Plant = {
  module: 'collector/store/sqlite/uuid',
  find: 'export const toBytes =',
  replace: 'export const toBytes = () => crypto.getRandomValues(Buffer.alloc(16)); export const honest =',
}

test('planted: ids of its own double what is sent again, and this test finds it', async () => {
  const { doubled, invented } = await killed('forgetful', 5, [FORGETFUL])
  expect(doubled.length).toBeGreaterThan(0)
  expect(invented.length).toBeGreaterThan(0)
})
