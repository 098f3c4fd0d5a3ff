import { isObject } from './segment-commerce.ts'

// Lines of an export or import as rows of CSV. What is no plain text stands in its cell as JSON, and so does a text that
// could be taken for something else: by us for JSON, by a spreadsheet for a formula.

/** Every column of an export, in order. */
export const COLUMNS = [
  'kind',
  'id',
  'person',
  'type',
  'at',
  'visitor',
  'url',
  'referrer',
  'title',
  'properties',
  'view',
  'seq',
  'provenance',
  'mark',
  'touch',
  'device',
  'raw_at',
  'received_at',
  'stage',
  'stage_since',
  'recycled_at',
  'scored_at',
  'former_ids',
  'identifiers',
  'visitors',
  'merges',
  'manual_scores',
  'profiling_stops',
  'from',
  'to',
  'effective_at',
  'actor',
  'cause',
  'event',
  'model',
  'score',
  'reason',
  'note',
  'quiet',
  'explanation',
  'result',
  'value',
  'currency',
  'source',
  'version',
  'live',
  'created_at',
  'published_at',
  'author',
  'copy_of',
  'document',
] as const

/** Begins a formula in one spreadsheet or another, or is cut off by one. */
const RISKY = /^[=+\-@\t\r\n|%]|^\s|\s$/

export function toCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return RISKY.test(value) || fromCell(value) !== value ? JSON.stringify(value) : value
}

/** Numbers as JSON writes them, so that `007` and `+47 …` stay texts. */
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/

export function fromCell(cell: string): unknown {
  if (cell === '') return undefined
  if (cell === 'true') return true
  if (cell === 'false') return false
  if (NUMBER.test(cell)) return Number(cell)
  if (!/^["{[]/.test(cell)) return cell
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}

/** A row as a line: `properties.item_id` and `traits.email` are columns of their own if somebody likes. */
export function fromCells(row: Record<string, string>): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  for (const [column, cell] of Object.entries(row)) {
    const value = fromCell(cell)
    if (value === undefined) continue
    const [, group, name] = /^(properties|traits)\.(.+)$/s.exec(column) ?? []
    if (group === undefined || name === undefined) line[column] = value
    else line[group] = { ...(isObject(line[group]) && line[group]), [name]: value }
  }
  return line
}
