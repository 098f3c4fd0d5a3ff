import type { Context } from 'hono'
import * as v from 'valibot'
import { Refusal } from '../../shared/refusal.ts'
import { readInstant } from '../ingest/event.ts'
import { readBody } from './body.ts'
import { readFields, type Field, type Fields, type FieldsRead } from './fields.ts'
import { schemaOf, type JsonSchema } from './schema.ts'

/** What a route takes as its body. */
export interface Body<Value> {
  schema: JsonSchema
  /** From any JSON; throws a refusal that lists everything that is wrong. */
  read: (json: unknown) => Value
}

/** Any JSON; nothing at all is an object without fields. */
export async function readJson(c: Context): Promise<unknown> {
  const given = await readBody(c)
  if (given === '') return {}
  try {
    return JSON.parse(given)
  } catch {
    throw new Refusal('invalid', 'The body is not JSON.', [{ pointer: '', detail: 'must be JSON' }])
  }
}

/** A JSON object with these fields and no others. */
export const object = <Given extends Fields>(fields: Given): Body<FieldsRead<Given>> => ({
  schema: schemaOf(v.strictObject(fields)),
  read(body) {
    if (body === null || typeof body !== 'object' || Array.isArray(body))
      throw new Refusal('invalid', 'The body is not an object.', [{ pointer: '', detail: 'must be a JSON object' }])
    return readFields(fields, body as Record<string, unknown>, {
      refuse: ['unprocessable', 'The request cannot be carried out as it is.'],
      absent: 'is wrong',
    }) as FieldsRead<Given>
  },
})

// Fields of a JSON body.

/** `null` says the same as leaving it out. */
export const optional = <Given extends Field>(field: Given) => v.nullish(field)

export const text = (max: number) => {
  const must = `must be a text of 1 to ${max} characters`
  return v.pipe(
    v.string(must),
    v.regex(/\S/, must),
    v.maxLength(max, must),
    v.transform(given => given.toWellFormed()),
  )
}

export const number = (min: number, max: number) => {
  const must = `must be a number from ${min} to ${max}`
  return v.pipe(v.number(must), v.minValue(min, must), v.maxValue(max, must))
}

export const wholeNumber = (min: number, max: number) => {
  const must = `must be a whole number from ${min} to ${max}`
  return v.pipe(v.number(must), v.integer(must), v.minValue(min, must), v.maxValue(max, must))
}

export const oneOf = <const Choices extends readonly string[]>(choices: Choices) =>
  v.picklist(choices, `must be one of ${choices.join(', ')}`)

export const list = <Given extends Field>(item: Given, max: number) =>
  v.pipe(v.array(item, 'must be a list'), v.maxLength(max, `must have at most ${max} entries`))

export const flag = v.boolean('must be true or false')

const AN_INSTANT = 'must be an instant in RFC 3339, like 2026-11-22T12:00:00Z'

export const instant = v.pipe(
  v.union([v.string(), v.number()], AN_INSTANT),
  v.metadata({ wire: { type: 'string', format: 'date-time' } }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const at = readInstant(dataset.value)
    if (at !== null) return at
    addIssue({ message: AN_INSTANT })
    return NEVER
  }),
)
