import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import Database from 'better-sqlite3'
import { FLAGS, SURROUNDINGS } from '../../collector/heap.ts'
import { ADMIN_KEY } from '../collector.ts'
import { planting, type Plant } from './plant.ts'

/** As `npm run build` made it: it starts in half the time of the sources. */
const LEADLIGHT = resolve(import.meta.dirname, '../../dist/collector/leadlight.js')

export interface CollectorProcess {
  child: ChildProcess
  /** Where it listens; rejects, with what it said, if it ends before it does. */
  ready: Promise<string>
  /** Its exit code, or the signal that ended it. */
  end: Promise<number | NodeJS.Signals>
  /** What it has said so far. */
  said: { out: string; err: string }
}

/** Limits by rate are another matter, with tests of their own. */
const UNLIMITED = { LEADLIGHT_VISITOR_RATE: '0', LEADLIGHT_ADDRESS_RATE: '0', LEADLIGHT_SITE_RATE: '0' }

/** `leadlight` in a process of its own; `file` is the database. */
export function leadlight(
  command: string[],
  file: string,
  { plants = [], env = {} }: { plants?: readonly Plant[]; env?: Record<string, string> } = {},
): CollectorProcess {
  const bugs = planting(plants)
  // With its flags from the start: it would only begin anew with them.
  const child = spawn(
    process.execPath,
    [...FLAGS, ...bugs.args, LEADLIGHT, ...command, '--database-url', `file:${file}`],
    {
      env: {
        ...SURROUNDINGS,
        PATH: process.env['PATH'],
        LEADLIGHT_ADMIN_KEY: ADMIN_KEY,
        LEADLIGHT_PORT: '0',
        ...UNLIMITED,
        ...bugs.env,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const said = { out: '', err: '' }
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const end = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  const ready = new Promise<string>((found, failed) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text
      const url = /API +(http:\S+?)\/v1/.exec(said.out)?.[1]
      if (url !== undefined && said.out.includes('Waiting for')) found(url)
    })
    void end.then(how => failed(new Error(`leadlight ended with ${how} before it listened.\n${said.err}`)))
  })
  ready.catch(() => {}) // of interest only to whoever awaits it
  return { child, ready, end, said }
}

export const serve = (file: string, options: { plants?: readonly Plant[]; env?: Record<string, string> } = {}) =>
  leadlight(['serve'], file, options)

/** The public key of the first site. */
export function writeKeyOf(file: string): string {
  const database = new Database(file, { readonly: true })
  const key = database.prepare('SELECT write_key FROM sites ORDER BY id').pluck().get() as string
  database.close()
  return key
}
