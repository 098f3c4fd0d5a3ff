import { existsSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import Database, { SqliteError } from 'better-sqlite3'
import type { Instant } from '../../../shared/instant.ts'
import { Refusal } from '../../../shared/refusal.ts'
import type { Lock } from '../store.ts'
import { explained } from './failure.ts'
import { makeFolder, type Connection } from './open.ts'

/** Milliseconds to wait for a collector that is just ending, as in a rolling restart. */
const PATIENCE = 5_000

/**
 * Keeps every other collector away from a database file for as long as this process lives. What holds is an open
 * transaction on a small database beside it, that is the operating system's lock on a file: it ends with the process,
 * however that ends, so that nothing is ever left behind, and no process id has to be believed. Its one row says who
 * holds it.
 */
export function lockSqlite(path: string, now: Instant, patience = PATIENCE): Lock {
  if (path === ':memory:') return { release() {} }
  const target = realPath(path)
  makeFolder(dirname(target))
  const file = new Database(`${target}-lock`, { timeout: patience })
  try {
    hold(file)
    file.exec('CREATE TABLE IF NOT EXISTS holder (process, host, since)')
    file.exec('DELETE FROM holder')
    file
      .prepare('INSERT INTO holder VALUES (?, ?, ?)')
      .run(process.pid, hostname(), new Date(now).toISOString().slice(0, 19))
    file.exec('COMMIT')
    hold(file)
  } catch (error) {
    const refusal = isBusy(error) ? inUse(path, file) : explained(error, `${target}-lock`)
    file.close()
    throw refusal
  }
  return { release: () => void file.close() }
}

/** Whether somebody holds it now. */
export function isLocked(path: string): boolean {
  const name = `${realPath(path)}-lock`
  if (path === ':memory:' || !existsSync(name)) return false
  const file = new Database(name, { timeout: 0 })
  try {
    hold(file)
    file.exec('ROLLBACK')
    return false
  } catch (error) {
    return isBusy(error)
  } finally {
    file.close()
  }
}

/** Two names of one file are one database. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path)
}

/** Others may still read who it is. */
const hold = (file: Connection): void => void file.exec('BEGIN IMMEDIATE')

const isBusy = (error: unknown): boolean => error instanceof SqliteError && error.code.startsWith('SQLITE_BUSY')

function inUse(path: string, file: Connection): Refusal {
  return new Refusal(
    'conflict',
    `${path} is in use by another collector${holder(file)}. Stop that one first, or give this one a file of its own with --database-url.`,
  )
}

function holder(file: Connection): string {
  try {
    const row = file.prepare('SELECT process, host, since FROM holder').get() as
      { process: number; host: string; since: string } | undefined
    return row ? `: process ${row.process} on ${row.host}, since ${row.since} UTC` : ''
  } catch {
    return '' // it is just being written
  }
}
