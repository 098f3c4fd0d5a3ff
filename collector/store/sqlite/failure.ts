import { SqliteError } from 'better-sqlite3'
import { Refusal } from '../../../shared/refusal.ts'

/** What SQLite says when the disk, and not the request, is at fault; the rest of its codes are bugs of ours. */
const DISK: [code: RegExp, meaning: string][] = [
  [/^SQLITE_FULL/, 'the disk is full'],
  [/^SQLITE_READONLY/, 'the database is read-only'],
  [/^SQLITE_(IOERR|CANTOPEN|PROTOCOL)/, 'the disk fails'],
  [/^SQLITE_(BUSY|LOCKED)/, 'another program keeps the database locked'],
  [/^SQLITE_NOMEM/, 'there is no memory left'],
]

/**
 * An error of the database in words: `overloaded` when the disk is at fault and a later try may succeed,
 * `unprocessable` when the file is damaged or no database. Any other error is returned as it is.
 */
export function explained(error: unknown, path: string): unknown {
  if (!(error instanceof SqliteError)) return error
  const { code, message } = error
  if (code === 'SQLITE_NOTADB') return notADatabase(path, error)
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(path, message, error)
  const meaning = DISK.find(([known]) => known.test(code))?.[1]
  if (meaning === undefined) return error
  return new Refusal('overloaded', `${path} cannot be used: ${meaning} (${code}: ${message}).`, [], { cause: error })
}

const notADatabase = (path: string, cause: unknown): Refusal =>
  new Refusal(
    'unprocessable',
    `${path} is no SQLite database, and was not touched. Move it away, or name another file with --database-url.`,
    [],
    { cause },
  )

/** `finding` is the first thing that was found to be wrong. */
export const damaged = (path: string, finding: string, cause?: unknown): Refusal =>
  new Refusal(
    'unprocessable',
    `${path} is damaged: ${finding}.
Stop everything that uses it and copy it away, together with ${path}-wal. Then put your last backup in its place,
or save what can still be read:  sqlite3 ${path} .recover | sqlite3 rescued.db`,
    [],
    { cause },
  )
