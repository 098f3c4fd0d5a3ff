import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { Store, StoreOptions } from '../store.ts'
import { keyMethods } from './keys.ts'
import { leadMethods } from './leads.ts'
import { recorder } from './record.ts'
import { siteMethods } from './sites.ts'

export type Connection = Database.Database

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))
const FULL = 2

/** Opens or creates a database file and brings it to the present schema. */
export function openSqlite(path: string, options: StoreOptions): Store {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const connection = connect(path)
  migrateIfNeeded(connection, path)
  const write = recorder(connection, options)
  return {
    ...write,
    ...siteMethods(connection),
    ...keyMethods(connection),
    ...leadMethods(connection),
    ping: async () => void connection.prepare('SELECT 1').get(),
    close: async () => void connection.close(),
  }
}

/**
 * Durable by every commit. better-sqlite3 is compiled so that a reopened WAL database silently runs `synchronous =
 * NORMAL`, which loses acknowledged transactions at a power cut: the pragma is set and asserted on each connection.
 */
export function connect(path: string): Connection {
  const connection = new Database(path, { timeout: 5_000 })
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('wal_autocheckpoint = 10000')
  const synchronous = connection.pragma('synchronous', { simple: true })
  if (synchronous !== FULL) throw new Error(`SQLite runs synchronous = ${String(synchronous)}, need ${FULL} (FULL).`)
  return connection
}

/** Foreign keys stay off while tables may be rebuilt: a cascade would delete their children. */
function migrateIfNeeded(connection: Connection, path: string): void {
  const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS })
  const applied = appliedMigrations(connection)
  if (applied > migrations.length) {
    throw new Error(
      `${path} was written by a newer version of leadlight (${applied} migrations, this version knows ${migrations.length}).`,
    )
  }
  connection.pragma('foreign_keys = OFF')
  if (applied < migrations.length) {
    if (applied > 0 && existsSync(path)) {
      connection.pragma('wal_checkpoint(TRUNCATE)')
      copyFileSync(path, `${path}.before-migration-${applied + 1}`)
    }
    migrate(drizzle(connection), { migrationsFolder: MIGRATIONS })
    const broken = connection.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0)
      throw new Error(`Migration left ${broken.length} broken references: ${JSON.stringify(broken[0])}`)
  }
  connection.pragma('foreign_keys = ON')
}

function appliedMigrations(connection: Connection): number {
  const known = connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'`).get()
  if (!known) return 0
  const row = connection.prepare('SELECT count(*) AS n FROM __drizzle_migrations').get() as { n: number }
  return row.n
}
