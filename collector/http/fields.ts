import * as v from 'valibot'
import { nearest } from '../../shared/nearest.ts'
import { Refusal, type RefusalCode } from '../../shared/refusal.ts'

/** What checks one value, and says in its messages what would be right. */
export type Field = v.GenericSchema

/** Checked values by their names. */
export type Fields = Record<string, Field>

export type FieldsRead<Given extends Fields> = { [Name in keyof Given]: v.InferOutput<Given[Name]> }

type Wrong = { pointer: string; detail: string }

/** Reads every field of `given`; a refusal lists all that are wrong, missing or unknown at once. Of those that are not given, whether that `is wrong` is for the field to say. */
export function readFields(
  fields: Fields,
  given: Record<string, unknown>,
  { refuse, absent }: { refuse: [RefusalCode, string]; absent: 'is wrong' | 'is left out' },
): Record<string, unknown> {
  const known = Object.keys(fields)
  const missing = absent === 'is wrong' ? known.filter(name => !Object.hasOwn(given, name)) : []
  const read: Record<string, unknown> = {}
  const wrong = [...Object.keys(given), ...missing].flatMap((name): Wrong[] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field) return [{ pointer: `/${escaped(name)}`, detail: unknownName(name, known) }]
    const result = v.safeParse(field, Object.hasOwn(given, name) ? given[name] : undefined, WORDS)
    if (result.success) read[name] = result.output
    return (result.issues ?? []).map(issue => wrongPlace(issue, name))
  })
  if (wrong.length > 0) throw new Refusal(...refuse, wrong)
  return read
}

const unknownName = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  return `is unknown; ${near ? `did you mean ${near}? Known` : 'known'}: ${known.join(', ')}`
}

const wrongPlace = (issue: v.BaseIssue<unknown>, name: string): Wrong => {
  const path = (issue.path ?? []).map(({ key }) => escaped(String(key)))
  return { pointer: ['', escaped(name), ...path].join('/'), detail: issue.message }
}

/** RFC 6901. */
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** For fields that bring no words of their own. */
const WORDS = {
  abortPipeEarly: true,
  message: ({ expected, received }: v.BaseIssue<unknown>): string =>
    received === 'undefined'
      ? 'is missing'
      : expected === 'never'
        ? 'is unknown'
        : `must be ${expected ?? 'otherwise'}`,
} as const
