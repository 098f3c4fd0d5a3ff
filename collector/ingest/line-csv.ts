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

/** Begins a formula in one spreadsheet or another, is cut off by one, or takes more than a line. */
const RISKY = /^[=+\-@|%]|^\s|\s$|[\r\n\t]/

export function toCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return RISKY.test(value) || fromCell(value) !== value ? JSON.stringify(value) : value
}

export function fromCell(cell: string): unknown {
  if (cell === '') return undefined
  if (cell === 'true') return true
  if (cell === 'false') return false
  // A number as JSON writes it, so that `007` and `+47 …` stay texts.
  if (/^-?\d/.test(cell) && String(Number(cell)) === cell) return Number(cell)
  if (!/^["{[]/.test(cell)) return cell
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}

/** A row as a line: `properties.item_id` and `traits.email` are columns of their own if somebody likes. */
export function fromCells(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  for (const [place, column] of columns.entries()) {
    const value = fromCell(cells[place] ?? '')
    if (value === undefined) continue
    const [, group, name] = /^(properties|traits)\.(.+)$/s.exec(column) ?? []
    if (group === undefined || name === undefined) line[column] = value
    else line[group] = { ...(isObject(line[group]) && line[group]), [name]: value }
  }
  return line
}

/** The cells of one row, which has no end of line outside of quotes; `null` for one with a quote in the wrong place. */
export function readRow(row: string): string[] | null {
  const cells: string[] = []
  for (let at = 0; at <= row.length; at++) {
    if (row[at] !== '"') {
      const comma = row.indexOf(',', at)
      const end = comma === -1 ? row.length : comma
      const cell = row.slice(at, end)
      if (cell.includes('"')) return null
      cells.push(cell)
      at = end
      continue
    }
    let end = row.indexOf('"', at + 1)
    while (end !== -1 && row[end + 1] === '"') end = row.indexOf('"', end + 2)
    if (end === -1 || (end + 1 < row.length && row[end + 1] !== ',')) return null
    cells.push(row.slice(at + 1, end).replaceAll('""', '"'))
    at = end + 1
  }
  return cells
}
