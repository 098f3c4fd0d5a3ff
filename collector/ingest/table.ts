import { DAY, MINUTE, type Instant } from '../../shared/instant.ts'
import { offsetIn } from '../scoring/day.ts'
import { readInstant } from './event.ts'
import { uuidOf } from './name-uuid.ts'
import { START, type Place, type SourceLine } from './source.ts'
import type { Cell, DateOrder, MappedEvent, Mapping } from './table-mapping.ts'

type Row = Record<string, string>
type Value = string | number | boolean

const MAX_REPEAT = 100
/** When rows begin that say nothing of time. */
const LONG_AGO: Instant = Date.UTC(2000, 0, 1)

/**
 * Rows of a table of leads as lines of an import: who somebody is, what they did, how it went. A row that comes again is a
 * duplicate; one that names neither address nor id is somebody of its own. `from`: what of the source is taken already.
 */
export function tableReader(mapping: Mapping, from: Place = START): (line: SourceLine) => SourceLine[] {
  const { person = {}, traits = {}, events = [], outcome, dates = {} } = mapping
  const nothing = new Set(['', ...(mapping.empty ?? [])])
  const readDate = dateReader(dates.order ?? 'YMD', dates.timezone ?? 'UTC')

  const cellOf = (row: Row, name: string): string | undefined => {
    const cell = (row[name] ?? '').trim()
    return nothing.has(cell) ? undefined : cell
  }
  const valueOf = (row: Row, cell: Cell | undefined): Value | undefined => {
    if (cell === undefined) return undefined
    if (typeof cell === 'string') return cellOf(row, cell)
    if (Array.isArray(cell)) return cell.flatMap(name => cellOf(row, name) ?? []).join(' ') || undefined
    if ('value' in cell) return cell.value
    const given = cellOf(row, cell.column)
    if (given === undefined) return undefined
    const value = cell.map?.[given] ?? (cell.map ? undefined : plain(given))
    return cell.times === undefined || typeof value !== 'number' ? value : value * cell.times
  }
  const valuesOf = (row: Row, cells: Record<string, Cell>) =>
    Object.fromEntries(
      Object.entries(cells).flatMap(([name, cell]) => {
        const value = valueOf(row, cell)
        return value === undefined ? [] : [[name, typeof value === 'string' ? plain(value) : value]]
      }),
    )
  /** Throws for what is there and no date. */
  const instantOf = (row: Row, cell: Cell | undefined, otherwise: Instant): Instant => {
    const value = valueOf(row, cell)
    if (value === undefined) return otherwise
    const at = readDate(value)
    if (at === null) throw new Error(`${columnOf(cell)}: is no date of the order ${dates.order ?? 'YMD'}`)
    return at
  }

  const linesOf = (row: Row, number: number): object[] => {
    const who = valuesOf(row, {
      ...(person.email && { email: person.email }),
      ...(person.user_id && { user_id: person.user_id }),
    })
    const isNamed = Object.keys(who).length > 0
    const key = uuidOf(`${isNamed ? '' : number} ${JSON.stringify(row)}`)
    const named = isNamed ? stringified(who) : { visitor: `row-${key}` }
    const created = instantOf(row, mapping.created, LONG_AGO + number * MINUTE)
    const facts = {
      ...valuesOf(row, traits),
      ...valuesOf(row, {
        ...(person.name && { name: person.name }),
        ...(person.company && { company: person.company }),
      }),
    }
    const at = (instant: Instant) => new Date(instant).toISOString()
    const lines: object[] = [{ kind: 'person', ...named, id: `${key}/person`, at: at(created), traits: facts }]
    let last = created
    for (const [index, event] of events.entries()) {
      if (!isMeant(row, event)) continue
      const end = instantOf(row, event.at, created + (index + 1) * 1_000)
      const given = event.repeat === undefined ? 1 : Number(valueOf(row, event.repeat) ?? 0)
      const times = Math.min(Math.max(0, Math.floor(given) || 0), MAX_REPEAT)
      const url = valueOf(row, event.url)
      for (let back = times - 1; back >= 0; back--) {
        lines.push({
          kind: 'event',
          ...named,
          id: `${key}/${index}/${back}`,
          type: event.type,
          at: at(end - back * DAY),
          ...(url !== undefined && { url: String(url) }),
          properties: valuesOf(row, event.properties ?? {}),
        })
      }
      if (times > 0) last = Math.max(last, end)
    }
    const result = resultOf(row)
    if (outcome && result) {
      const when = at(instantOf(row, outcome.at, last + MINUTE))
      const worth = valuesOf(row, {
        ...(outcome.value && { value: outcome.value }),
        ...(outcome.currency && { currency: outcome.currency }),
      })
      lines.push(
        isNamed
          ? { kind: 'outcome', ...named, id: `${key}/outcome`, result, at: when, source: 'table', ...worth }
          : { kind: 'event', ...named, id: `${key}/outcome`, type: `closed_${result}`, at: when, properties: worth },
      )
    }
    return lines
  }

  const isMeant = (row: Row, { at, when = {} }: MappedEvent): boolean =>
    (at === undefined || valueOf(row, at) !== undefined) &&
    Object.entries(when).every(([name, wanted]) => [wanted].flat().includes(cellOf(row, name) ?? ''))

  const resultOf = (row: Row): 'won' | 'lost' | null => {
    const cell = outcome && cellOf(row, outcome.column)
    if (!outcome || cell === undefined) return null
    if (outcome.won.includes(cell)) return 'won'
    return !outcome.lost || outcome.lost.includes(cell) ? 'lost' : null
  }

  let before = from
  return line => {
    const { number, end, text, wrong } = line
    // Until its last line is taken a row is not done: whoever goes on begins with it again.
    const begun = before
    before = end
    if (wrong !== undefined) return [line]
    try {
      const lines = linesOf(JSON.parse(text) as Row, number)
      return lines.map((given, index) => ({
        number,
        end: index === lines.length - 1 ? end : begun,
        text: JSON.stringify(given),
        given,
      }))
    } catch (error) {
      return [{ number, end, text: '', given: undefined, wrong: (error as Error).message }]
    }
  }
}

/** A number where it is written as one; an id or a postcode with a leading 0 is none. */
function plain(cell: string): Value {
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(cell) ? Number(cell) : cell
}

const stringified = (values: Record<string, Value>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

const columnOf = (cell: Cell | undefined): string =>
  typeof cell === 'string' ? cell : cell && 'column' in cell ? cell.column : 'date'

/** `2025-04-03`, `03/04/2025 14:30`, `3.4.25`, RFC 3339, milliseconds: instants, where a zone is missing in that of the table. */
function dateReader(order: DateOrder, timezone: string): (value: Value) => Instant | null {
  const offset = offsetIn(timezone)
  const local = (clock: number): Instant => clock - offset(clock - offset(clock))
  return value => {
    const text = String(value).trim()
    if (/^\d{11,}$/.test(text)) return readInstant(Number(text))
    if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return readInstant(text)
    const [, a, b, c, hour = '0', minute = '0', second = '0', half] =
      /^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([AP]M)?)?$/i.exec(
        text,
      ) ?? []
    if (a === undefined || b === undefined || c === undefined) return null
    const [year, month, day] = a.length === 4 || order === 'YMD' ? [a, b, c] : order === 'DMY' ? [c, b, a] : [c, a, b]
    const full = year.length <= 2 ? 2000 + Number(year) : Number(year)
    const hours = half ? (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0) : Number(hour)
    const clock = Date.UTC(full, Number(month) - 1, Number(day), hours, Number(minute), Number(second))
    const date = new Date(clock)
    const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && hours < 24
    return isReal ? local(clock) : null
  }
}
