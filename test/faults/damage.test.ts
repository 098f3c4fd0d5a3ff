import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import { checkSqlite } from '../../collector/store/sqlite/check.ts'
import { openStore } from '../../collector/store/open.ts'
import { arrivalOf, MODEL, SITE } from './arrivals.ts'
import { eventsKept } from './kept.ts'
import type { Plant } from './plant.ts'
import { leadlight, serve, type CollectorProcess } from './process.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-damage-'))
const running = new Set<CollectorProcess>()
afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
const newFile = () => join(folder, `${files++}.db`)
const PAGE = 4_096

/** A database with some hundred pages of events. */
async function filled(): Promise<string> {
  const file = newFile()
  const store = await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })
  await store.addSite(SITE, MODEL)
  for (let first = 0; first < 2_000; first += 200) await store.record([arrivalOf(first, 200)], Date.now(), engine)
  await store.close()
  return file
}

/** Overwrites a page in the middle of the log of events. */
async function spoiled(): Promise<string> {
  const file = await filled()
  const database = new Database(file, { readonly: true })
  const pages = database.prepare(`SELECT pageno FROM dbstat WHERE name = 'events'`).pluck().all() as number[]
  database.close()
  const bytes = readFileSync(file)
  const page = pages[Math.floor(pages.length / 2)] ?? 0
  bytes.fill('damage', (page - 1) * PAGE, page * PAGE)
  writeFileSync(file, bytes)
  return file
}

async function startOn(file: string, plants: Plant[] = []): Promise<CollectorProcess> {
  const collector = serve(file, { plants })
  running.add(collector)
  await Promise.race([collector.ready.catch(() => {}), collector.end])
  return collector
}

test('a damaged database is found at the start: what to do is told, and nothing is changed', async () => {
  const file = await spoiled()
  const before = readFileSync(file)
  const { end, said } = await startOn(file)
  expect(await end).toBe(1)
  expect(said.err).toMatch(/is damaged: .+\nStop everything .+ copy it away.+\n.+ \.recover \| sqlite3 rescued\.db/s)
  expect(readFileSync(file).equals(before)).toBe(true)
})

const UNCHECKED: Plant = {
  module: 'collector/main',
  find: 'opened.push(await checkStore(config.databaseUrl, onFailure))',
  replace: '',
}
test('planted: a start that does not look, and this test finds it', async () => {
  const { ready, end, child } = await startOn(await spoiled(), [UNCHECKED])
  await expect(ready).resolves.toContain('http://')
  child.kill('SIGKILL')
  await end
})

for (const [what, make, told] of [
  [
    'a file that is no database',
    (file: string) => writeFileSync(file, 'visitors,leads\n'.repeat(1_000)),
    'is no SQLite database, and was not touched',
  ],
  [
    'the database of another program',
    (file: string) => void new Database(file).exec('CREATE TABLE bookmarks (url)').close(),
    'is the database of another program (it has bookmarks), and was not touched',
  ],
] as const) {
  test.each([
    ['serve', ['serve']],
    ['a command', ['key', 'create', '--site', '1', '--scope', 'read']],
  ])(`${what} is refused by %s`, async (_, command) => {
    const file = newFile()
    make(file)
    const before = readFileSync(file)
    const { end, said } = leadlight(command, file)
    expect(await end).toBe(1)
    expect(said.err).toContain(`${file} ${told}`)
    expect(said.err.trim().split('\n')).toHaveLength(1)
    expect(readFileSync(file).equals(before)).toBe(true)
  })
}

test('a large file is checked by a process of its own, and damage is told when it is found', async () => {
  const file = await spoiled()
  const told = Promise.withResolvers<Error>()
  await checkSqlite(file, told.resolve, 0)
  expect((await told.promise).message).toContain(`${file} is damaged`)
})

test('a large sound file raises no alarm, and its check can be stopped', async () => {
  const file = await filled()
  const stop = await checkSqlite(file, damage => expect.unreachable(damage.message), 0)
  stop()
  expect(await checkSqlite(file, damage => expect.unreachable(damage.message))).toBeTypeOf('function')
})

test('a WAL that was cut off keeps every commit that is whole in it, and only loses its tail', async () => {
  const file = newFile()
  const store = await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })
  await store.addSite(SITE, MODEL)
  /** Size of the WAL after each commit of two events. */
  const sizes: number[] = []
  for (let first = 0; first < 40; first += 2) {
    await store.record([arrivalOf(first, 2)], Date.now(), engine)
    sizes.push(statSync(`${file}-wal`).size)
  }
  const start = sizes[0] ?? 0
  const cuts = Array.from({ length: 60 }, (_, i) => start + Math.floor(((sizes.at(-1) ?? 0) - start) * (i / 59)))
  for (const cut of cuts) {
    const copy = newFile()
    copyFileSync(file, copy)
    copyFileSync(`${file}-wal`, `${copy}-wal`)
    truncateSync(`${copy}-wal`, cut)
    await (await openStore(`file:${copy}`, { newId: () => crypto.randomUUID() })).close()
    const commits = sizes.filter(size => size <= cut).length
    expect(eventsKept(copy), `cut at ${cut}`).toEqual(new Set(Array.from({ length: commits * 2 }, (_, seq) => seq)))
    expect(existsSync(`${copy}-wal`)).toBe(false)
  }
  await store.close()
})
