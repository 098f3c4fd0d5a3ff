import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../collector/store/open.ts'
import { connect } from '../../collector/store/sqlite/open.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { storeContract } from './contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
let persons = 0
const newFile = () => join(folder, `${files++}.db`)
const newId = () =>
  uuidv7(
    0,
    Uint8Array.from({ length: 10 }, (_, i) => (persons++ * 7 + i) & 255),
  )

storeContract('SQLite', () => openStore(`file:${newFile()}`, { newId }))

test('a reopened database still flushes every commit to disk', () => {
  const path = newFile()
  connect(path).close()
  const reopened = connect(path)
  expect(reopened.pragma('synchronous', { simple: true })).toBe(2)
  expect(reopened.pragma('journal_mode', { simple: true })).toBe('wal')
  reopened.close()
})

test('a database of a newer version is not touched', async () => {
  const path = newFile()
  await (await openStore(`file:${path}`, { newId })).close()
  const connection = connect(path)
  connection.exec(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('future', 9e12), ('future2', 9e12)`)
  connection.close()
  await expect(openStore(`file:${path}`, { newId })).rejects.toThrow('written by a newer version')
})

test('any other kind of database is refused by name', async () => {
  await expect(openStore('mysql://x', { newId })).rejects.toThrow('LEADLIGHT_DATABASE_URL must begin with file:')
})
