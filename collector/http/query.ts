import { Refusal } from '../../shared/refusal.ts'
import { readInstant } from '../ingest/event.ts'

/** Reads the named parameters of a query string; lists all that are wrong or unknown at once. */
export function readQuery<Query>(
  given: Record<string, string>,
  readers: { [Name in keyof Query]-?: (text: string) => Query[Name] },
): Partial<Query> {
  const wrong: { pointer: string; detail: string }[] = []
  const query: Partial<Query> = {}
  for (const [name, text] of Object.entries(given)) {
    if (!Object.hasOwn(readers, name)) {
      wrong.push({ pointer: `/${name}`, detail: `is unknown; known: ${Object.keys(readers).join(', ')}` })
      continue
    }
    try {
      query[name as keyof Query] = readers[name as keyof Query](text)
    } catch (error) {
      wrong.push({ pointer: `/${name}`, detail: (error as Error).message })
    }
  }
  if (wrong.length > 0) throw new Refusal('invalid', 'The query is not well-formed.', wrong)
  return query
}

export const text = (value: string): string => value

export const wholeNumber =
  (min: number, max: number) =>
  (value: string): number => {
    const number = Number(value)
    if (Number.isInteger(number) && number >= min && number <= max) return number
    throw new Error(`must be a whole number from ${min} to ${max}`)
  }

export const number = (value: string): number => {
  const parsed = Number(value)
  if (value.trim() !== '' && Number.isFinite(parsed)) return parsed
  throw new Error('must be a number')
}

/** RFC 3339, or milliseconds since 1970. */
export const instant = (value: string): number => {
  const at = readInstant(/^\d+$/.test(value) ? Number(value) : value)
  if (at !== null) return at
  throw new Error('must be an instant in RFC 3339, like 2026-11-22T12:00:00Z')
}

export const oneOf =
  <Choice extends string>(choices: readonly Choice[]) =>
  (value: string): Choice => {
    const choice = choices.find(known => known === value)
    if (choice !== undefined) return choice
    throw new Error(`must be one of ${choices.join(', ')}`)
  }

export const listOf =
  <Item>(item: (value: string) => Item) =>
  (value: string): Item[] =>
    value.split(',').map(part => item(part.trim()))

/** An opaque place in a list: the sort value and the id of the last item seen. */
export const writeCursor = (value: number, id: string): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url')

export const readCursor = (cursor: string): { value: number; id: string } => {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (typeof value === 'number' && typeof id === 'string') return { value, id }
  } catch {
    // told below
  }
  throw new Error('must be a paging.next.after of this list')
}
