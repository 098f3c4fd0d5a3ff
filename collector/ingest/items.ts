import { MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from '../../shared/batch.ts'
import { Refusal } from '../../shared/refusal.ts'
import { layOut, valuesIn, type Layout } from './event-text.ts'

/** An event of a batch, in the place where it came. */
export interface Item {
  /** What it says; `null` when it is not parsed. Throws a refusal when it is no JSON. */
  value: () => unknown
  /** As it came. */
  raw: () => string
  /** Why it is not parsed. */
  why?: 'too_large' | 'too_deep'
}

/** Levels of nesting in a whole batch, beyond which it is not parsed: brackets in brackets take fifty times their length in memory. */
const MAX_NESTING = 64
/** Of the batch itself, which has a handful, and a place for each event. */
const MAX_VALUES_AROUND = 5_000
export const TOO_DEEP = `event: must not be nested deeper than ${MAX_NESTING} levels`

/**
 * What a body says, and the items of the list named `list`; `null` where that is none. Throws a refusal when the body as a
 * whole cannot be read. The items of a large body are parsed one at a time, when each is asked for: hundreds of thousands of
 * empty lists, which fit into it, would take thirty times its length in memory.
 */
export function readItems(
  text: string,
  list: string,
  shape: string,
): { body: Record<string, unknown>; items: Item[] | null } {
  return isSmall(text) ? readWhole(text, list, shape) : readApart(text, list, shape)
}

export const isSmall = (text: string): boolean => Buffer.byteLength(text) <= MAX_EVENT_BYTES

/** No event of a small body is too large, and none is deep enough to be worth a look before it is parsed. */
function readWhole(text: string, list: string, shape: string) {
  const body = parse(text, shape)
  const given: unknown = body[list]
  let layout: Layout | null = null
  const rawOf = (index: number): string => {
    layout ??= layOut(text, list)
    const { start = 0, end = 0 } = layout.events[index] ?? {}
    return text.slice(start, end)
  }
  if (!Array.isArray(given)) return { body, items: null }
  if (given.length > MAX_BATCH_EVENTS) throw tooMany()
  return { body, items: given.map((value: unknown, index): Item => ({ value: () => value, raw: () => rawOf(index) })) }
}

function readApart(text: string, list: string, shape: string) {
  const { events, depth } = layOut(text, list)
  if (depth > MAX_NESTING) throw new Refusal('invalid', `The body is nested deeper than ${MAX_NESTING} levels.`)
  if (events.length > MAX_BATCH_EVENTS) throw tooMany()
  let around = ''
  let from = 0
  for (const { start, end } of events) {
    around += `${text.slice(from, start)}null`
    from = end
  }
  around += text.slice(from)
  if (valuesIn(around) > MAX_VALUES_AROUND) {
    throw new Refusal('too_large', `Besides its events, a batch holds at most ${MAX_VALUES_AROUND} values.`)
  }
  const body = parse(around, shape)
  if (!Array.isArray(body[list])) return { body, items: null }
  const items = events.map((span): Item => {
    const raw = (): string => text.slice(span.start, span.end)
    if (Buffer.byteLength(raw()) > MAX_EVENT_BYTES) return { value: () => null, raw, why: 'too_large' }
    if (span.depth > MAX_NESTING) return { value: () => null, raw, why: 'too_deep' }
    return { value: () => json(raw()), raw }
  })
  return { body, items }
}

const tooMany = (): Refusal =>
  new Refusal('too_large', `A batch holds at most ${MAX_BATCH_EVENTS} events; this one has more.`)

/** The object that a body is; a refusal for anything else. */
export function parse(text: string, shape: string): Record<string, unknown> {
  const body = json(text)
  if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>
  throw new Refusal('invalid', `The body must be a JSON object: ${shape}.`)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // Without the excerpt that V8 quotes: a terminal and a log are told of it, too.
    const detail = (error as Error).message.replace(/, (\.\.\.)?"[^]*$/, '')
    throw new Refusal('invalid', 'The body is not JSON.', [{ pointer: '', detail }])
  }
}
