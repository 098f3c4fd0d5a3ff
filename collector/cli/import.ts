import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { Refusal } from '../../shared/refusal.ts'
import { decodeLines, inParts, NO_PROGRESS, type Reject } from '../ingest/import.ts'
import { csvLines, headerOf, ndjsonLines, type SourceLine } from '../ingest/source.ts'
import { engine } from '../scoring/engine.ts'
import { isServed } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import type { Progress } from '../store/transfer.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'
import { progress } from './progress.ts'
import { mappingFrom, throughMapping } from './table.ts'
import { whichSite } from './which-site.ts'

const JUDGED_AT_ONCE = 500

export const importCommand: Command = {
  name: 'import',
  usage: 'FILE [--site ID] [--resume] [--format ndjson|csv] [--rejects FILE] [--json]',
  summary:
    'Takes events, persons, transitions, outcomes and models, one a line; - is standard input. Works beside a running collector.',
  flags: {
    '--site': { meaning: 'id of the site; the only one by default' },
    '--resume': { meaning: 'goes on where an import of the same file was interrupted', toggle: true },
    '--mapping': { meaning: 'says in JSON what the columns of a CSV file of leads mean; see the README' },
    '--format': { meaning: 'ndjson or csv; by default what the name of the file ends in, else ndjson' },
    '--rejects': { meaning: 'where lines that are not taken are listed, with the reason (FILE.rejects.ndjson)' },
    '--json': { meaning: 'prints { lines, stored, duplicate, rejected, reasons }', toggle: true },
  },
  async run({ words, flag, config, print }) {
    const [file, ...more] = words
    if (file === undefined || more.length > 0)
      throw new Refusal('invalid', 'Name one file, or - for standard input: leadlight import FILE --site ID')
    const format = formatOf(file, flag('--format'))
    const resume = flag('--resume') !== undefined
    if (resume && file === '-')
      throw new Refusal(
        'invalid',
        '--resume needs a file: what came from standard input is gone. Lines that were taken are duplicates when they come again.',
      )
    const source = file === '-' ? null : await openSource(file, format)
    const given = flag('--mapping')
    if (given !== undefined && !source?.header)
      throw new Refusal('invalid', '--mapping needs a CSV file with a header.')
    const mapping = given === undefined ? null : mappingFrom(given, source?.header ?? [])
    const rejectsFile = flag('--rejects') ?? (file === '-' ? 'import.rejects.ndjson' : `${file}.rejects.ndjson`)

    return withStore(config, async store => {
      const site = await whichSite(store, flag('--site'))
      const id = mapping ? digest(source?.digest + JSON.stringify(mapping)) : (source?.digest ?? 'standard input')
      const before = (resume && (await store.importProgress(site.id, id))) || NO_PROGRESS
      const lines = linesOf(file, format, before, source?.header ?? null)
      const rejects = openRejects(rejectsFile, before.rejectsBytes)
      try {
        const job = {
          store,
          site: site.id,
          source: id,
          size: source?.size ?? 0,
          rejects,
          databaseUrl: config.databaseUrl,
        }
        const done = await takeAll(mapping ? throughMapping(lines, mapping, before) : lines, before, job)
        await judgeAll(store)
        await store.forgetImport(site.id, id)
        if (flag('--json') === undefined) print(summary(done, site.name, rejectsFile))
        else
          print(
            JSON.stringify({
              lines: done.lines,
              stored: done.stored,
              duplicate: done.duplicate,
              rejected: done.rejected,
              reasons: done.reasons,
            }),
          )
        return 0
      } finally {
        rejects.close()
      }
    })
  },
}

type Format = 'ndjson' | 'csv'

export function formatOf(file: string, given: string | undefined): Format {
  if (given === undefined) return /\.csv$/i.test(file) ? 'csv' : 'ndjson'
  if (given === 'ndjson' || given === 'csv') return given
  throw new Refusal('invalid', `--format must be ndjson or csv, not ${JSON.stringify(given)}.`)
}

interface Job {
  store: Store
  site: number
  source: string
  /** Bytes; 0 when unknown. */
  size: number
  rejects: Rejects
  databaseUrl: string
}

/** Takes all lines, each part in a transaction of its own with how far it has come. */
async function takeAll(lines: AsyncIterable<SourceLine[]>, before: Progress, job: Job): Promise<Progress> {
  const { store, site, source, size, rejects, databaseUrl } = job
  const bar = progress('import', size)
  let come = before
  let asked = 0
  let served = false
  for await (const part of inParts(lines)) {
    const began = Date.now()
    if (began - asked > 1_000) {
      served = await isServed(databaseUrl)
      asked = began
    }
    const { lines: decoded, outcome } = decodeLines(part, began)
    const counted = come
    const advance: Parameters<Store['takeUpTo']>[3] = taken => {
      const { progress: next, rejects: wrong } = outcome(taken, counted)
      return { ...next, rejectsBytes: rejects.write(wrong, counted.rejectsBytes) }
    }
    come = await store.takeUpTo(site, decoded, source, advance, began, engine)
    bar.at(come.bytes, told(come))
    // A collector that waits to write has its turn.
    if (served) await new Promise(resolve => setTimeout(resolve, Date.now() - began))
  }
  bar.end(come.bytes, told(come))
  return come
}

const told = ({ lines, stored, duplicate, rejected }: Progress) => ({ lines, stored, duplicate, rejected })

/** Whoever has another history now. */
async function judgeAll(store: Store): Promise<void> {
  const total = await store.postponed()
  const bar = progress('score', total)
  let done = 0
  for (let left = total; left > 0; left = await store.postponed()) {
    done += await store.refresh(JUDGED_AT_ONCE, Date.now(), engine)
    bar.at(Math.min(done, total))
  }
  bar.end(total)
}

function linesOf(file: string, format: Format, from: Progress, header: string[] | null): AsyncIterable<SourceLine[]> {
  const chunks: AsyncIterable<Uint8Array> =
    file === '-' ? process.stdin : createReadStream(file, { start: from.bytes, highWaterMark: 1024 * 1024 })
  if (format === 'ndjson') return ndjsonLines(chunks, from)
  return csvLines(chunks, from, from.bytes > 0 ? header : null)
}

/** Enough to tell a file from any other. */
const HEAD = 64 * 1024

async function openSource(
  file: string,
  format: Format,
): Promise<{ digest: string; size: number; header: string[] | null }> {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw new Refusal('invalid', `${file} cannot be read: ${(error as Error).message}`)
  }
  const head = Buffer.alloc(HEAD)
  const length = readSync(descriptor, head, 0, HEAD, 0)
  closeSync(descriptor)
  const begin = head.subarray(0, length)
  const header = format === 'csv' ? await headerOf(begin) : null
  return { digest: digest(begin), size: statSync(file).size, header }
}

const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

interface Rejects {
  /** Writes what was rejected behind the first `at` bytes, for good; how long the list is then. */
  write(wrong: readonly Reject[], at: number): number
  close(): void
}

/** The list of what was rejected, as long as it was when the last part was taken. */
function openRejects(file: string, length: number): Rejects {
  let descriptor: number | null = null
  const open = (): number => {
    if (descriptor === null) {
      descriptor = openSync(file, length > 0 ? 'r+' : 'w')
      ftruncateSync(descriptor, length)
    }
    return descriptor
  }
  if (length > 0) open()
  else rmSync(file, { force: true })
  return {
    write(wrong, at) {
      if (wrong.length === 0) return at
      const text = Buffer.from(wrong.map(reject => `${JSON.stringify(reject)}\n`).join(''))
      writeSync(open(), text, 0, text.length, at)
      fsyncSync(open())
      return at + text.length
    },
    close() {
      if (descriptor !== null) closeSync(descriptor)
    },
  }
}

function summary({ lines, stored, duplicate, rejected, reasons }: Progress, site: string, rejectsFile: string): string {
  const counts = [`${lines} lines for ${site}: ${stored} taken, ${duplicate} known before, ${rejected} rejected.`]
  const most = Object.entries(reasons).toSorted((a, b) => b[1] - a[1])
  for (const [reason, times] of most.slice(0, 20)) counts.push(`  ${String(times).padStart(8)}  ${reason}`)
  if (rejected > 0) counts.push(`  Which lines: ${rejectsFile}`)
  return counts.join('\n')
}
