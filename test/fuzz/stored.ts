import { isUtf8 } from 'node:buffer'
import Database from 'better-sqlite3'
import { MAX_EVENT_BYTES } from '../../shared/batch.ts'
import type { Json } from '../../shared/json.ts'

interface Row {
  id: Buffer
  at: number
  raw_at: number
  received_at: number
  seq: number | null
  provenance: string
  mark: string | null
  type: Buffer
  visitor: Buffer
  view: Buffer | null
  url: Buffer | null
  referrer: Buffer | null
  title: Buffer | null
  properties: Buffer | null
  touch: Buffer | null
}

const TEXTS: [name: keyof Row, longest: number][] = [
  ['type', 100],
  ['visitor', 100],
  ['view', 64],
  ['url', 4_200],
  ['referrer', 4_200],
  ['title', 310],
  ['properties', MAX_EVENT_BYTES * 3],
  ['touch', 6_000],
]
const DAY = 86_400_000

/** What is wrong with the events of a database, one line each; nothing when all are well-formed. */
export function malformed(file: string): string[] {
  const database = new Database(file, { readonly: true })
  const blobs = ['type', 'view', 'url', 'referrer', 'title', 'properties', 'touch'].map(
    name => `CAST(e.${name} AS BLOB) AS ${name}`,
  )
  const rows = database.prepare(
    `SELECT e.id, e.at, e.raw_at, e.received_at, e.seq, e.provenance, e.mark, CAST(v.visitor AS BLOB) AS visitor, ${blobs.join()}
     FROM events e LEFT JOIN visitors v ON v.id = e.visitor_id`,
  )
  const wrong: string[] = []
  for (const row of rows.iterate() as Iterable<Row>) {
    for (const why of faults(row)) wrong.push(`${row.id.toString('hex')}: ${why}`)
    if (wrong.length > 20) break
  }
  const raws = database.prepare('SELECT CAST(raw AS BLOB) AS raw FROM quarantine').pluck().iterate() as Iterable<Buffer>
  for (const raw of raws) if (!isText(raw) || raw.length > 2 * MAX_EVENT_BYTES) wrong.push('quarantine: no text')
  database.close()
  return wrong
}

const isText = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0)

function* faults(row: Row): Generator<string> {
  if (row.id.length !== 16) yield 'id: no UUID'
  for (const [name, longest] of TEXTS) {
    const text = row[name] as Buffer | null
    if (text === null) continue
    if (!isText(text)) yield `${name}: no text`
    if (text.toString().length > longest) yield `${name}: ${text.toString().length} characters`
  }
  if (row.visitor === null || row.visitor.toString().trim() === '') yield 'visitor: nobody'
  if (row.type.toString().trim() === '') yield 'type: none'
  if (!Number.isSafeInteger(row.raw_at)) yield `raw_at: ${row.raw_at}`
  if (!Number.isSafeInteger(row.at) || row.at < 0 || row.at > row.received_at) yield `at: ${row.at}`
  if (row.provenance !== 'server' && row.received_at - row.at > 30 * DAY) yield `at: ${row.received_at - row.at} before`
  if (row.seq !== null && (!Number.isSafeInteger(row.seq) || row.seq < 0)) yield `seq: ${row.seq}`
  if (!['server', 'browser', 'weak'].includes(row.provenance)) yield `provenance: ${row.provenance}`
  if ((row.mark !== null) !== (row.provenance === 'weak')) yield `mark: ${row.mark}, but ${row.provenance}`
  if (row.url?.includes('ada@example.com') || row.url?.includes('token=x')) yield `url: ${row.url.toString()}`
  if (row.properties !== null) yield* propertyFaults(row.properties.toString())
}

function* propertyFaults(text: string): Generator<string> {
  try {
    const properties = JSON.parse(text) as Json
    if (properties === null || typeof properties !== 'object' || Array.isArray(properties))
      yield 'properties: no object'
    if (depth(properties) > 8) yield `properties: ${depth(properties)} deep`
    if (/"__proto__":|\\ud[89a-f]|\\u0000/i.test(text)) yield `properties: ${text.slice(0, 200)}`
  } catch {
    yield 'properties: no JSON'
  }
}

const depth = (value: Json): number =>
  value !== null && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(inner => depth(inner))) : 0
