import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { Refusal } from '../../../shared/refusal.ts'
import { findDamage } from './check.ts'
import { damaged, explained } from './failure.ts'
import { appliedMigrations, knownMigrations, migrateConnection } from './migrate.ts'
import { connect, makeFolder } from './open.ts'

/** A consistent copy, as of one instant, while others read and write. Refuses to write over a file. */
export function backUpSqlite(path: string, file: string): void {
  if (existsSync(file))
    throw new Refusal('conflict', `${file} is there already, and was not touched. Name another file.`)
  if (!existsSync(path)) throw new Refusal('not_found', `There is no database at ${path}.`)
  makeFolder(dirname(resolve(file)))
  const connection = connect(path)
  try {
    connection.prepare('VACUUM INTO ?').run(file)
  } catch (error) {
    rmSync(file, { force: true })
    throw explained(error, file)
  } finally {
    connection.close()
  }
  chmodSync(file, 0o600) // what it holds of people is nobody else's business
  flush(file)
  inspect(file)
}

/** What a backup is: whole, and of this program. How many migrations it has. */
export function inspect(file: string): { migrations: number } {
  if (!existsSync(file)) throw new Refusal('not_found', `There is no file ${file}.`)
  const finding = findDamage(file)
  if (finding !== null) throw damaged(file, finding)
  const connection = new Database(file, { readonly: true })
  try {
    const applied = appliedMigrations(connection)
    if (applied === 0) throw new Refusal('unprocessable', `${file} is the database of another program.`)
    if (applied > knownMigrations().length)
      throw new Refusal('unprocessable', `${file} was written by a newer version of leadlight.`)
    return { migrations: applied }
  } finally {
    connection.close()
  }
}

/**
 * Puts a backup in the place of a database, whose lock the caller holds. It is checked first; what was there before stays
 * beside it, under the name that is answered (`null`: there was nothing).
 */
export function restoreSqlite(file: string, path: string, stamp: string): string | null {
  inspect(file)
  makeFolder(dirname(resolve(path)))
  const fresh = `${path}.restoring`
  for (const end of ['', '-wal', '-shm']) rmSync(`${fresh}${end}`, { force: true })
  copyFileSync(file, fresh)
  chmodSync(fresh, 0o600)
  flush(fresh)
  inspect(fresh)
  let before: string | null = null
  if (existsSync(path)) {
    before = `${path}.before-restore-${stamp}`
    renameSync(path, before)
  }
  // A log that stayed would be taken for the new file's.
  for (const end of ['-wal', '-shm'])
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${before ?? fresh}${end}`)
  renameSync(fresh, path)
  flush(dirname(resolve(path)))
  return before
}

/** Migrates a copy, and says what would happen to the database: the migrations that it lacks. */
export function tryMigrations(path: string): { applied: number; pending: string[] } {
  const known = knownMigrations()
  if (!existsSync(path)) return { applied: 0, pending: known }
  const copy = `${path}.migration-trial`
  rmSync(copy, { force: true })
  try {
    const connection = connect(path)
    const applied = appliedMigrations(connection)
    if (applied < known.length) connection.prepare('VACUUM INTO ?').run(copy)
    connection.close()
    if (applied < known.length) {
      const trial = connect(copy)
      try {
        migrateConnection(trial)
      } finally {
        trial.close()
      }
      const finding = findDamage(copy)
      if (finding !== null) throw damaged(copy, finding)
    }
    return { applied, pending: known.slice(applied) }
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true })
  }
}

function flush(file: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(file, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
