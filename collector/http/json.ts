import type { Context } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import { readBody } from './body.ts'

/** Reads one field of a JSON body; throws an `Error` that says what would be right. `undefined` when it is not given. */
export type Field<Value> = (value: unknown) => Value

type Fields = Record<string, Field<unknown>>
type Read<Given extends Fields> = { [Name in keyof Given]: ReturnType<Given[Name]> }

/** Any JSON. */
export async function readJson(c: Context): Promise<unknown> {
  const text = await readBody(c)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'The body is not JSON.', [{ pointer: '', detail: 'must be JSON' }])
  }
}

/** A JSON object with these fields; a refusal lists all that are wrong, missing or unknown at once. */
export async function readObject<Given extends Fields>(c: Context, fields: Given): Promise<Read<Given>> {
  const body = await readJson(c)
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new Refusal('invalid', 'The body is not an object.', [{ pointer: '', detail: 'must be a JSON object' }])
  const given = body as Record<string, unknown>
  const errors = Object.keys(given)
    .filter(name => !Object.hasOwn(fields, name))
    .map(name => ({ pointer: `/${name}`, detail: `is unknown; known: ${Object.keys(fields).join(', ')}` }))
  const read: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    try {
      read[name] = field(Object.hasOwn(given, name) ? given[name] : undefined)
    } catch (error) {
      errors.push({ pointer: `/${name}`, detail: (error as Error).message })
    }
  }
  if (errors.length > 0) throw new Refusal('unprocessable', 'The request cannot be carried out as it is.', errors)
  return read as Read<Given>
}

export const optional =
  <Value>(field: Field<Value>): Field<Value | undefined> =>
  value =>
    value === undefined || value === null ? undefined : field(value)

export const text =
  (max: number): Field<string> =>
  value => {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= max) return value.toWellFormed()
    throw new Error(`must be a text of 1 to ${max} characters`)
  }

export const number =
  (min: number, max: number): Field<number> =>
  value => {
    if (typeof value === 'number' && value >= min && value <= max) return value
    throw new Error(`must be a number from ${min} to ${max}`)
  }

export const oneOf =
  <Choice extends string>(choices: readonly Choice[]): Field<Choice> =>
  value => {
    const choice = choices.find(known => known === value)
    if (choice !== undefined) return choice
    throw new Error(`must be one of ${choices.join(', ')}`)
  }

export const flag: Field<boolean> = value => {
  if (typeof value === 'boolean') return value
  throw new Error('must be true or false')
}
