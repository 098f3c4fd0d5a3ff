import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database, { SqliteError } from 'better-sqlite3'
import type { Refusal } from '../../../shared/refusal.ts'
import { damaged, explained } from './failure.ts'

/** Bytes of a file that is checked before anything is served; at some 500 MB a second it takes about half a second. */
const CHECKED_AT_ONCE = 256 * 1024 * 1024

/**
 * Looks for damage. A file up to `atOnce` bytes is checked before this resolves, and a refusal says what is wrong. A
 * larger one is checked beside, by a process of its own, and `onDamage` is told. The returned function stops that.
 */
export async function checkSqlite(
  path: string,
  onDamage: (damage: Refusal) => void,
  atOnce = CHECKED_AT_ONCE,
): Promise<() => void> {
  if (!existsSync(path)) return () => {}
  if (statSync(path).size > atOnce) return checkBeside(path, onDamage)
  const finding = findDamage(path)
  if (finding !== null) throw damaged(path, finding)
  return () => {}
}

/** The first thing that is wrong with a database, `null` for nothing. Changes nothing in it. */
export function findDamage(path: string): string | null {
  const connection = new Database(path, { readonly: true, timeout: 5_000 })
  try {
    const finding = String(connection.pragma('quick_check(1)', { simple: true }))
    return finding === 'ok' ? null : finding.replace(/^\*\*\* in database main \*\*\*\s*/, '')
  } catch (error) {
    if (error instanceof SqliteError && error.code.startsWith('SQLITE_CORRUPT')) return error.message
    throw explained(error, path)
  } finally {
    connection.close()
  }
}

/** A process, because a thread could not be stopped in the middle of a check that takes a minute. */
function checkBeside(path: string, onDamage: (damage: Refusal) => void): () => void {
  const file = fileURLToPath(new URL(`./check-process${extname(import.meta.url)}`, import.meta.url))
  const child = spawn(process.execPath, [file, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let finding = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (finding += text))
  child.once('close', () => {
    if (finding !== '') onDamage(damaged(path, finding))
  })
  return () => {
    child.removeAllListeners('close')
    child.kill('SIGKILL')
  }
}
