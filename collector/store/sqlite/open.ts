import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { Refusal } from '../../../shared/refusal.ts'
import { explained } from './failure.ts'

export type Connection = Database.Database

const FULL = 2

/**
 * Durable by every commit. better-sqlite3 is compiled so that a reopened WAL database silently runs `synchronous =
 * NORMAL`, which loses acknowledged transactions at a power cut: the pragma is set and asserted on each connection.
 */
export function connect(path: string): Connection {
  if (path !== ':memory:') makeFolder(dirname(resolve(path)))
  let connection: Connection | undefined
  try {
    connection = new Database(path, { timeout: 5_000 })
    refuseForeign(connection, path)
    connection.pragma('journal_mode = WAL')
    connection.pragma('synchronous = FULL')
    connection.pragma('wal_autocheckpoint = 10000')
    const synchronous = connection.pragma('synchronous', { simple: true })
    if (synchronous !== FULL) throw new Error(`SQLite runs synchronous = ${String(synchronous)}, need ${FULL} (FULL).`)
    return connection
  } catch (error) {
    connection?.close()
    throw explained(error, path)
  }
}

/** KiB of pages that a connection for questions keeps: with the default of 16 MB a list over a million people reads most of its pages anew. */
const REMEMBERED = 64 * 1024

/** Lets a connection remember more of a large database. */
export const rememberMore = (connection: Connection): void => void connection.pragma(`cache_size = -${REMEMBERED}`)

/** Nothing is written into a database that somebody else made. */
function refuseForeign(connection: Connection, path: string): void {
  const tables = connection.prepare('SELECT name FROM sqlite_master').pluck().all()
  if (tables.length === 0 || tables.includes('__drizzle_migrations')) return
  throw new Refusal(
    'unprocessable',
    `${path} is the database of another program (it has ${tables.slice(0, 3).join(', ')}), and was not touched. Name another file with --database-url.`,
  )
}

/** A new folder survives a power cut only after its parent is flushed too; SQLite flushes what is inside. */
export function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined || process.platform === 'win32') return
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    const parent = openSync(dirname(made), 'r')
    fsyncSync(parent)
    closeSync(parent)
  }
}
