import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../../../shared/refusal.ts'
import { drizzle, migrate, readMigrationFiles } from '../drizzle.ts'
import type { Lock } from '../store.ts'
import { lockSqlite } from './lock.ts'
import type { Connection } from './open.ts'

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))

/** Under the lock, the caller's or its own, so that no collector has its tables changed under it. */
export function migrateIfNeeded(connection: Connection, path: string, held: Lock | undefined): void {
  const known = readMigrationFiles({ migrationsFolder: MIGRATIONS }).length
  if (appliedMigrations(connection) !== known) {
    const lock = held ?? lockSqlite(path, Date.now())
    try {
      // Counted again: whoever held the lock may just have done it.
      const applied = appliedMigrations(connection)
      if (applied > known) {
        throw new Refusal(
          'unprocessable',
          `${path} was written by a newer version of leadlight (${applied} migrations, this version knows ${known}).`,
        )
      }
      if (applied < known) migrateFrom(applied, connection, path)
    } finally {
      if (!held) lock.release()
    }
  }
  connection.pragma('foreign_keys = ON')
}

/** Foreign keys stay off while tables may be rebuilt: a cascade would delete their children. */
function migrateFrom(applied: number, connection: Connection, path: string): void {
  connection.pragma('foreign_keys = OFF')
  if (applied > 0 && path !== ':memory:') backUp(connection, `${path}.before-migration-${applied + 1}`)
  migrateConnection(connection)
}

/** Foreign keys must be off. */
export function migrateConnection(connection: Connection): void {
  connection.pragma('foreign_keys = OFF')
  migrate(drizzle(connection), { migrationsFolder: MIGRATIONS })
  const broken = connection.pragma('foreign_key_check') as unknown[]
  if (broken.length > 0)
    throw new Error(`Migration left ${broken.length} broken references: ${JSON.stringify(broken[0])}`)
}

/**
 * By SQLite and not by copying the file: to close any other descriptor of a file drops all locks of the process on it
 * (POSIX), and those tell every other program that the database is in use.
 */
function backUp(connection: Connection, file: string): void {
  rmSync(file, { force: true })
  connection.prepare('VACUUM INTO ?').run(file)
}

/** Their names, in order. */
export function knownMigrations(): string[] {
  const journal = JSON.parse(readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8')) as { entries: { tag: string }[] }
  return journal.entries.map(({ tag }) => tag)
}

export function appliedMigrations(connection: Connection): number {
  const known = connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'`).get()
  if (!known) return 0
  return connection.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get() as number
}
