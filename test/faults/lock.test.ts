import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { afterAll, expect, test } from 'vitest'
import { lockSqlite } from '../../collector/store/sqlite/lock.ts'
import { connect } from '../../collector/store/sqlite/open.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Lock } from '../../collector/store/store.ts'
import type { Plant } from './plant.ts'
import { leadlight, serve, writeKeyOf, type CollectorProcess } from './process.ts'
import { post } from './send.ts'
import { wireEvent } from '../collector.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-lock-'))
const running = new Set<CollectorProcess>()
afterAll(async () => {
  for (const { child, end } of running) {
    child.kill('SIGKILL')
    await end
  }
  rmSync(folder, { recursive: true, force: true })
})

/** Their time is spent waiting for each other's processes. */
const TOGETHER = { concurrent: true }

const started = (file: string, plants: Plant[] = []): CollectorProcess => {
  const collector = serve(file, { plants })
  running.add(collector)
  return collector
}

let files = 0
const newFile = () => join(folder, `${files++}.db`)
const options = { newId: () => crypto.randomUUID() }

test('a second collector is refused and told who is there; the first one goes on', TOGETHER, async () => {
  const file = newFile()
  const first = started(file)
  const url = await first.ready
  const second = started(file)
  expect(await second.end).toBe(1)
  expect(second.said.err).toContain(
    `${file} is in use by another collector: process ${first.child.pid} on ${hostname()}, since 20`,
  )
  expect((await post(url, writeKeyOf(file), 'ada', [wireEvent('page_view')])).status).toBe(202)
})

const LOCKLESS: Plant = { module: 'collector/store/sqlite/lock', find: `'BEGIN IMMEDIATE'`, replace: `'BEGIN'` }
test('planted: a lock that holds nothing, and this test finds it', TOGETHER, async () => {
  const file = newFile()
  await started(file, [LOCKLESS]).ready
  const second = started(file, [LOCKLESS])
  await expect(second.ready).resolves.toContain('http://')
})

test('nothing is left behind by kill -9: the next one starts at once', TOGETHER, async () => {
  const file = newFile()
  const first = started(file)
  await first.ready
  first.child.kill('SIGKILL')
  await first.end
  await started(file).ready
})

test('a rolling restart: the second waits for the first one to end', TOGETHER, async () => {
  const file = newFile()
  const first = started(file)
  await first.ready
  const second = started(file)
  await new Promise(wait => setTimeout(wait, 2_000))
  first.child.kill('SIGTERM')
  expect(await first.end).toBe(0)
  await second.ready
})

test('commands work beside a busy collector', TOGETHER, async () => {
  const file = newFile()
  const url = await started(file).ready
  const key = writeKeyOf(file)
  const done = new AbortController()
  const sending = (async () => {
    while (!done.signal.aborted) expect((await post(url, key, 'ada', [wireEvent('page_view')])).status).toBe(202)
  })()
  const added = leadlight(['site', 'add', 'Shop', '--origin', 'https://shop.example', '--json'], file)
  expect([await added.end, added.said.err]).toEqual([0, ''])
  const created = leadlight(['key', 'create', '--site', '2', '--scope', 'read', '--json'], file)
  expect([await created.end, created.said.err]).toEqual([0, ''])
  done.abort()
  await sending
  const { write_key: second } = JSON.parse(added.said.out) as { write_key: string }
  expect((await post(url, second, 'ada', [wireEvent('page_view')])).status).toBe(202)
})

/** A small wait, so that the tests need not last as long as a rolling restart may. */
const lock = (file: string): Lock => lockSqlite(file, 0, 100)

test('what the lock file says is not believed: only a living holder counts', () => {
  const file = newFile()
  lock(file).release()
  const left = new Database(`${file}-lock`)
  left.prepare('UPDATE holder SET process = ?').run(process.ppid) // alive, but it holds nothing
  left.close()
  lock(file).release()
})

test('a lock file that was cut off in the middle of its first writing does not stand in the way', () => {
  const file = newFile()
  writeFileSync(`${file}-lock`, '')
  lock(file).release()
})

test('two names of one file are one database', () => {
  const file = newFile()
  connect(file).close()
  const other = newFile()
  symlinkSync(file, other)
  const held = lock(file)
  expect(() => lock(other)).toThrow('is in use by another collector')
  held.release()
})

const MIGRATIONS = readMigrationFiles({
  migrationsFolder: join(import.meta.dirname, '../../collector/store/migrations'),
}).length

/** A database as the version before the last migration left it. */
function olderDatabase(): string {
  const file = newFile()
  const migrations = join(folder, 'migrations')
  cpSync(join(import.meta.dirname, '../../collector/store/migrations'), migrations, { recursive: true })
  const journal = join(migrations, 'meta/_journal.json')
  const read = JSON.parse(readFileSync(journal, 'utf8')) as { entries: object[] }
  writeFileSync(journal, JSON.stringify({ ...read, entries: read.entries.slice(0, -1) }))
  const connection = connect(file)
  migrate(drizzle(connection), { migrationsFolder: migrations })
  connection.close()
  return file
}

test('a command of a newer version changes no table under a running collector', TOGETHER, async () => {
  const file = olderDatabase()
  const held = lock(file)
  const refused = leadlight(['site', 'add', 'Shop', '--origin', 'https://shop.example'], file)
  expect(await refused.end).toBe(1)
  expect(refused.said.err).toContain('is in use by another collector')
  held.release()
  const added = leadlight(['site', 'add', 'Shop', '--origin', 'https://shop.example'], file)
  expect([await added.end, added.said.err]).toEqual([0, ''])
})

/** Locks of this process on a file; Linux knows them by inode. */
const locksOn = (file: string): number =>
  readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter(line => line.includes(` ${process.pid} `) && line.includes(`:${statSync(file).ino} `)).length

const testOnLinux = test.skipIf(process.platform !== 'linux')

testOnLinux('the backup before a migration leaves the store its locks', async () => {
  const file = olderDatabase()
  const store = await openStore(`file:${file}`, options)
  expect(statSync(`${file}.before-migration-${MIGRATIONS}`).size).toBeGreaterThan(0)
  expect(locksOn(file)).toBeGreaterThan(0)
  await store.close()
})

testOnLinux('planted: a backup by copying the file loses them, and this test finds it', async () => {
  const file = newFile()
  const store = await openStore(`file:${file}`, options)
  expect(locksOn(file)).toBeGreaterThan(0)
  copyFileSync(file, `${file}.copy`)
  expect(locksOn(file)).toBe(0)
  await store.close()
})
