import { MAX_BATCH_EVENTS } from '../../shared/batch.ts'

/** Where one event stands in the text of a batch, and how deep it is nested (a flat object: 1). */
export interface Span {
  start: number
  end: number
  depth: number
}

/** What the text of a batch is made of. Right for JSON; of anything else, something that JSON.parse refuses as well. */
export interface Layout {
  /** At most one more than a batch may hold. */
  events: Span[]
  /** The deepest nesting outside of the events. */
  depth: number
}

const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125]
/** Levels around an event: `{ "events": [ … ] }`. */
const OUTER = 2

/**
 * Finds the events in the text of a batch without parsing it, in one pass: to keep one exactly as it came, and to take
 * out what would be too large or too deep to parse. `list` names the list that they are in; like JSON.parse, it takes the
 * last of several of that name.
 */
export function layOut(text: string, list = 'events'): Layout {
  let events: Span[] = []
  let elsewhere = 0
  let depth = 0
  let name = ''
  let inEvents = false
  /** Where the present event began, and the deepest it has been. */
  let start = 0
  let deepest = 0

  const finish = (end: number): void => {
    const from = start + leadingSpace(text, start, end)
    if (from < end && events.length <= MAX_BATCH_EVENTS) {
      events.push({ start: from, end: trimmedEnd(text, from, end), depth: deepest - OUTER })
    } else elsewhere = Math.max(elsewhere, deepest)
    start = end + 1
    deepest = OUTER
  }

  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) {
      const end = closingQuote(text, at)
      if (depth === 1) name = text.slice(at, end + 1)
      at = end
    } else if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
      depth++
      if (depth === OUTER && unit === OPEN_LIST && isNamed(name, list)) {
        for (const span of events) elsewhere = Math.max(elsewhere, span.depth + OUTER)
        events = []
        inEvents = true
        start = at + 1
        deepest = OUTER
      }
      if (inEvents) deepest = Math.max(deepest, depth)
      else elsewhere = Math.max(elsewhere, depth)
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) {
      if (inEvents && depth === OUTER) {
        finish(at)
        inEvents = false
      }
      depth--
    } else if (unit === COMMA) {
      if (inEvents && depth === OUTER) finish(at)
      else if (depth === 1) name = ''
    }
  }
  return { events, depth: elsewhere }
}

/** How many values a text of JSON holds, at most: each begins after a comma or an opening bracket. */
export function valuesIn(text: string): number {
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) at = closingQuote(text, at)
    else if (unit === COMMA || unit === OPEN_LIST || unit === OPEN_OBJECT) values++
  }
  return values
}

/** Keys may be written with escapes. */
function isNamed(key: string, list: string): boolean {
  if (key.length === list.length + 2 && key.startsWith(list, 1)) return true
  if (!key.includes('\\')) return false
  try {
    return JSON.parse(key) === list
  } catch {
    return false
  }
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === BACKSLASH) at++
    else if (unit === QUOTE) return at
  }
  return text.length
}

const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 13 || unit === 9

function leadingSpace(text: string, from: number, to: number): number {
  let at = from
  while (at < to && isSpace(text.charCodeAt(at))) at++
  return at - from
}

function trimmedEnd(text: string, from: number, to: number): number {
  let at = to
  while (at > from && isSpace(text.charCodeAt(at - 1))) at--
  return at
}
