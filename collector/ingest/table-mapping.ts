import { nearest } from '../../shared/nearest.ts'
import { Refusal } from '../../shared/refusal.ts'
import {
  isObject,
  list,
  named,
  number,
  object,
  oneOf,
  optional,
  quoted,
  refuse,
  saying,
  schemaOf,
  text,
  type Check,
  type Place,
} from '../scoring/document.ts'

/** How the columns of a table of leads become people, events and outcomes. */
export interface Mapping {
  person?: { email?: Cell; user_id?: Cell; name?: Cell; company?: Cell }
  /** What is known of the person from the beginning. What sales filled in later is better left out. */
  traits?: Record<string, Cell>
  /** When the person came up first. Without it the rows follow each other, a minute apart. */
  created?: Cell
  events?: MappedEvent[]
  outcome?: MappedOutcome
  dates?: { order?: DateOrder; timezone?: string }
  /** Texts that mean nothing, besides an empty cell: `NA`, `Select`. */
  empty?: string[]
}

/** The name of a column; several, joined by blanks; a column changed; or the same for every row. */
export type Cell =
  | string
  | string[]
  | { column: string; times?: number; map?: Record<string, string | number | boolean> }
  | { value: string | number | boolean }

export interface MappedEvent {
  type: string
  /** When; by default when the person came up. Where the cell is empty it did not happen. */
  at?: Cell
  /** Only in rows whose columns have one of these values. */
  when?: Record<string, string | string[]>
  /** So many of them, a day apart, the last one at `at`; at most 100. */
  repeat?: Cell
  url?: Cell
  properties?: Record<string, Cell>
}

export interface MappedOutcome {
  column: string
  won: string[]
  /** Without it every other value is a loss, but for an empty one. */
  lost?: string[]
  /** When it was decided; by default a minute after the last event. */
  at?: Cell
  value?: Cell
  currency?: Cell
}

/** Of a date such as 03/04/2025. */
export const DATE_ORDERS = ['YMD', 'DMY', 'MDY'] as const
export type DateOrder = (typeof DATE_ORDERS)[number]

const scalar = saying({ type: ['string', 'number', 'boolean'] }, (value, place) => {
  if (!['string', 'number', 'boolean'].includes(typeof value))
    refuse(place, `Must be a text, a number, true or false, not ${quoted(value)}.`)
})
const column = text()
const columns = list(column, { min: 1, max: 20 })
const changed = object<Extract<Cell, { column: string }>>({
  column,
  times: optional(number()),
  map: optional(named(text(), scalar, { max: 1_000 })),
})
const same = object<Extract<Cell, { value: unknown }>>({ value: scalar })

const cell: Check = saying({ oneOf: [column, columns, changed, same].map(schemaOf) }, (value, place) => {
  if (typeof value === 'string') column(value, place)
  else if (Array.isArray(value)) columns(value, place)
  else if (isObject(value) && 'value' in value) same(value, place)
  else changed(value, place)
})
const texts = list(text(), { min: 1, max: 200 })
const oneOrMore: Check = saying({ oneOf: [schemaOf(text()), schemaOf(texts)] }, (value, place) =>
  Array.isArray(value) ? texts(value, place) : text()(value, place),
)

const mapping = object<Mapping>({
  person: optional(
    object<NonNullable<Mapping['person']>>({
      email: optional(cell),
      user_id: optional(cell),
      name: optional(cell),
      company: optional(cell),
    }),
  ),
  traits: optional(named(text(64), cell, { max: 100 })),
  created: optional(cell),
  events: optional(
    list(
      object<MappedEvent>({
        type: text(100),
        at: optional(cell),
        when: optional(named(text(), oneOrMore, { max: 20 })),
        repeat: optional(cell),
        url: optional(cell),
        properties: optional(named(text(100), cell, { max: 50 })),
      }),
      { max: 100 },
    ),
  ),
  outcome: optional(
    object<MappedOutcome>({
      column,
      won: texts,
      lost: optional(texts),
      at: optional(cell),
      value: optional(cell),
      currency: optional(cell),
    }),
  ),
  dates: optional(
    object<NonNullable<Mapping['dates']>>({ order: optional(oneOf(DATE_ORDERS)), timezone: optional(text(64)) }),
  ),
  empty: optional(
    list(
      saying({ type: 'string' }, () => {}),
      { max: 50 },
    ),
  ),
})

/** Reads a mapping for a table with these columns; a refusal lists everything that is wrong with it. */
export function readMapping(document: unknown, header: readonly string[]): Mapping {
  const root: Place = { pointer: '', errors: [] }
  mapping(document, root)
  if (root.errors.length === 0) {
    const given = document as Mapping
    for (const [pointer, name] of columnsOf(given)) {
      if (header.includes(name)) continue
      const near = nearest(name, header)
      const hint = near ? `Did you mean ${JSON.stringify(near)}?` : `There are: ${header.join(', ')}.`
      root.errors.push({ pointer, detail: `The table has no column ${JSON.stringify(name)}. ${hint}` })
    }
    const { timezone } = given.dates ?? {}
    if (timezone !== undefined && !isZone(timezone))
      root.errors.push({ pointer: '/dates/timezone', detail: 'Must be an IANA time zone, like Europe/Oslo.' })
  }
  if (root.errors.length > 0) throw new Refusal('invalid', 'The mapping does not fit.', root.errors)
  return document as Mapping
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** Every column that a mapping names, with the place where it does. */
function* columnsOf(part: unknown, pointer = '', name = ''): Generator<[pointer: string, column: string]> {
  if (typeof part === 'string') {
    if (name !== 'type') yield [pointer, part]
  } else if (Array.isArray(part)) {
    for (const [index, item] of part.entries()) yield* columnsOf(item, `${pointer}/${index}`, name)
  } else if (isObject(part)) {
    for (const [key, item] of Object.entries(part)) {
      const place = `${pointer}/${key}`
      if (['value', 'times', 'map', 'won', 'lost', 'dates', 'empty'].includes(key) && !isCellOf(part, key)) continue
      if (key === 'when') for (const used of Object.keys(item as object)) yield [`${place}/${used}`, used]
      else yield* columnsOf(item, place, key)
    }
  }
}

/** `value` is a cell of an outcome, and the same for every row elsewhere. */
const isCellOf = (part: Record<string, unknown>, key: string): boolean => key === 'value' && 'won' in part
