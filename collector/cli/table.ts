import { randomBytes } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { Refusal } from '../../shared/refusal.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { decodeLines, inParts, NO_PROGRESS } from '../ingest/import.ts'
import { csvLines, type Place, type SourceLine } from '../ingest/source.ts'
import { tableReader } from '../ingest/table.ts'
import { readMapping, type Mapping } from '../ingest/table-mapping.ts'
import { engine } from '../scoring/engine.ts'
import { readModel } from '../scoring/model.ts'
import { STARTERS } from '../scoring/starters.ts'
import { openStore } from '../store/open.ts'
import type { VersionedModel } from '../store/models.ts'
import type { Store } from '../store/store.ts'
import type { Call, Command } from './command.ts'
import { withStore } from './database.ts'
import { progress } from './progress.ts'
import { whichSite } from './which-site.ts'

/** What a command that learns is about. */
export interface Subject {
  store: Store
  site: number
  model: VersionedModel
}

export const TABLE_FLAGS: Command['flags'] = {
  '--table': { meaning: 'learns from a CSV file of leads instead of what is kept; nothing is written' },
  '--mapping': { meaning: 'says what the columns of the table mean, in JSON' },
  '--model': { meaning: `the model for a table: a JSON file, or ${Object.keys(STARTERS).join(', ')}` },
}

/** A version of a site's model and all that is kept of the site; or, with `--table`, any model and a table of leads. */
export async function withSubject<Result>(
  { words, flag, config }: Call,
  use: (subject: Subject) => Promise<Result>,
): Promise<Result> {
  const [word] = words
  const table = flag('--table')
  if (table !== undefined) return withTable(table, flag, use)
  for (const name of ['--mapping', '--model'] as const)
    if (flag(name) !== undefined) throw new Refusal('invalid', `${name} goes with --table.`)
  return withStore(config, async store => {
    const site = await whichSite(store, flag('--site'))
    const model = word === undefined ? await store.model(site.id) : await store.modelVersion(site.id, Number(word) || 0)
    if (!model) throw new Refusal('not_found', `There is no version ${word} of the model. See: leadlight model list`)
    return use({ store, site: site.id, model })
  })
}

async function withTable<Result>(
  table: string,
  flag: Call['flag'],
  use: (subject: Subject) => Promise<Result>,
): Promise<Result> {
  const given = flag('--mapping')
  if (given === undefined) throw new Refusal('invalid', 'Say what the columns mean: --mapping FILE.')
  const mapping = mappingFrom(given, headerOf(table))
  const named = flag('--model')
  if (named === undefined)
    throw new Refusal('invalid', `Name a model: --model FILE, or ${Object.keys(STARTERS).join(', ')}.`)
  const document = named in STARTERS ? STARTERS[named as keyof typeof STARTERS] : readModel(jsonFrom(named))
  const store = await openStore('file::memory:', { newId: () => uuidv7(Date.now(), randomBytes(10)) })
  try {
    const { id: site } = await store.addSite({ name: table, writeKey: 'wk_table', origins: [], createdAt: 0 }, document)
    await take(store, site, table, mapping)
    return await use({ store, site, model: await store.model(site) })
  } finally {
    await store.close()
  }
}

async function take(store: Store, site: number, table: string, mapping: Mapping): Promise<void> {
  let come = NO_PROGRESS
  const bar = progress('read', 0)
  const rows = csvLines(createReadStream(table), { lines: 0, bytes: 0 }, null)
  for await (const part of inParts(throughMapping(rows, mapping, { lines: 0, bytes: 0 }))) {
    const { lines, outcome } = decodeLines(part, Date.now())
    const before = come
    const advance: Parameters<Store['takeUpTo']>[3] = taken => {
      const { progress: next, rejects } = outcome(taken, before)
      for (const { line, reason } of rejects.slice(0, 10)) process.stderr.write(`${table}:${line}: ${reason}\n`)
      return next
    }
    come = await store.takeUpTo(site, lines, table, advance, Date.now(), engine)
    bar.at(come.bytes)
  }
  bar.end(come.bytes)
  if (come.rejected > 0) process.stderr.write(`${come.rejected} lines of ${table} were not taken.\n`)
}

/** Rows of a table as lines of an import. */
export async function* throughMapping(
  rows: AsyncIterable<SourceLine[]>,
  mapping: Mapping,
  from: Place,
): AsyncGenerator<SourceLine[]> {
  const read = tableReader(mapping, from)
  for await (const some of rows) yield some.flatMap(read)
}

export const mappingFrom = (file: string, header: readonly string[]): Mapping => readMapping(jsonFrom(file), header)

const HEAD = 1024 * 1024

function headerOf(file: string): string[] {
  try {
    const [header] = parse(readFileSync(file).subarray(0, HEAD), { bom: true, to: 1, relax_quotes: true })
    return header ?? []
  } catch (error) {
    throw new Refusal('invalid', `${file} cannot be read: ${(error as Error).message}`)
  }
}

function jsonFrom(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Refusal('invalid', `${file} cannot be read as JSON: ${(error as Error).message}`)
  }
}
