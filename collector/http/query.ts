import * as v from 'valibot'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { readInstant } from '../ingest/event.ts'
import type { JsonSchema } from './schema.ts'

// Fields of a query string: each is a text, and becomes what it stands for.

/** A text that `read` understands; `null` refuses it with `must`. `wire` is how the reference shows it. */
export const field = <Value>(wire: JsonSchema, must: string, read: (given: string) => Value | null) =>
  v.pipe(
    v.string(must),
    v.metadata({ wire }),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value)
      if (value !== null) return value
      addIssue({ message: must })
      return NEVER
    }),
  )

export const text = v.string()

export const wholeNumber = (min: number, max: number) =>
  field({ type: 'integer', minimum: min, maximum: max }, `must be a whole number from ${min} to ${max}`, given =>
    within(Number(given), min, max),
  )

const within = (number: number, min: number, max: number): number | null =>
  Number.isInteger(number) && number >= min && number <= max ? number : null

export const number = field({ type: 'number' }, 'must be a number', given => {
  const parsed = Number(given)
  return given.trim() !== '' && Number.isFinite(parsed) ? parsed : null
})

/** RFC 3339, or milliseconds since 1970. */
export const instant = field(
  { type: 'string', format: 'date-time' },
  'must be an instant in RFC 3339, like 2026-11-22T12:00:00Z',
  given => instantOrNull(given),
)

export const instantOrNull = (given: string): Instant | null => readInstant(/^\d+$/.test(given) ? Number(given) : given)

export const flag = field({ type: 'boolean' }, 'must be true or false', given =>
  given === 'true' ? true : given === 'false' ? false : null,
)

const oneOfText = <Choice extends string>(choices: readonly Choice[], given: string): Choice | null =>
  choices.find(known => known === given) ?? null

export const oneOf = <Choice extends string>(choices: readonly Choice[]) =>
  field({ enum: [...choices] }, `must be one of ${choices.join(', ')}`, given => oneOfText(choices, given))

/** Several, with commas between. */
export const someOf = <Choice extends string>(choices: readonly Choice[]) =>
  field(
    { type: 'array', items: { enum: [...choices] } },
    `must be one of ${choices.join(', ')}, or several with commas between`,
    given => {
      const read = given.split(',').map(part => oneOfText(choices, part.trim()))
      return read.includes(null) ? null : (read as Choice[])
    },
  )

/** An opaque place in a list: the sort value and the id of the last item seen, and the order if the list has several. */
export const writeCursor = (value: number, id: string, order?: string): string =>
  Buffer.from(JSON.stringify([value, id, order])).toString('base64url')

const NO_CURSOR = 'must be a paging.next.after of this list in the same order'

export const cursor = field({ type: 'string' }, NO_CURSOR, given => {
  try {
    const [value, id, order] = JSON.parse(Buffer.from(given, 'base64url').toString()) as unknown[]
    return typeof value === 'number' && typeof id === 'string' ? { value, id, order } : null
  } catch {
    return null
  }
})

/** For a cursor that is well-formed, but of another list. */
export const noCursor = (): Refusal =>
  new Refusal('invalid', 'The query is not well-formed.', [{ pointer: '/after', detail: NO_CURSOR }])
