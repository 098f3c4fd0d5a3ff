import { fileURLToPath } from 'node:url'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Lock, Reader, Recorder, Store, StoreOptions } from './store.ts'

// A URL is `file:./data/leadlight.db` or an absolute `file:///…`. What is opened is loaded only then: the writing thread
// needs a small part of it, and starts in half the time.

/** Opens the store that the URL names, creating and migrating it as needed. */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const path = pathOf(url)
  const { openSqlite } = await import('./sqlite/store.ts')
  return openSqlite(path, options)
}

/** Opens the writing half of a store that `openStore` has opened before. */
export async function openRecorder(url: string, options: StoreOptions): Promise<Recorder> {
  const path = pathOf(url)
  const { openSqliteRecorder } = await import('./sqlite/recorder.ts')
  return openSqliteRecorder(path, options)
}

/** Opens the part of a store that only reads, over a database that `openStore` has opened before. */
export async function openReader(url: string): Promise<Reader> {
  const path = pathOf(url)
  const { openSqliteReader } = await import('./sqlite/reader.ts')
  return openSqliteReader(path)
}

/** Makes this process the one collector of a database, until it ends or lets go; a refusal names the other one. */
export async function lockStore(url: string, now: Instant): Promise<Lock> {
  const path = pathOf(url)
  const { lockSqlite } = await import('./sqlite/lock.ts')
  return lockSqlite(path, now)
}

/** Copies a database, while it is in use, to a file that must not be there. */
export async function backUpStore(url: string, file: string): Promise<void> {
  const { backUpSqlite } = await import('./sqlite/backup.ts')
  return backUpSqlite(pathOf(url), file)
}

/** Puts a checked backup in the place of a database that nobody serves; where what was there before is now, if anything was. */
export async function restoreStore(url: string, file: string, now: Instant): Promise<string | null> {
  const lock = await lockStore(url, now)
  try {
    const { restoreSqlite } = await import('./sqlite/backup.ts')
    return restoreSqlite(file, pathOf(url), new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14))
  } finally {
    lock.release()
  }
}

/** Migrates a copy and throws it away: how many migrations a database has, and which ones it lacks. */
export async function tryMigrations(url: string): Promise<{ applied: number; pending: string[] }> {
  const backup = await import('./sqlite/backup.ts')
  return backup.tryMigrations(pathOf(url))
}

/** Whether a collector holds a database now. */
export async function isServed(url: string): Promise<boolean> {
  const path = pathOf(url)
  const { isLocked } = await import('./sqlite/lock.ts')
  return isLocked(path)
}

/**
 * Looks for damage: a refusal says what was found. A large database is checked on while it is served, and `onDamage` is
 * told; the returned function stops that.
 */
export async function checkStore(url: string, onDamage: (damage: Refusal) => void): Promise<() => void> {
  const path = pathOf(url)
  const { checkSqlite } = await import('./sqlite/check.ts')
  return checkSqlite(path, onDamage)
}

function pathOf(url: string): string {
  if (url.startsWith('file:')) return url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length)
  throw new Refusal(
    'invalid',
    `LEADLIGHT_DATABASE_URL must begin with file: (file:./data/leadlight.db), got ${JSON.stringify(url)}`,
  )
}
