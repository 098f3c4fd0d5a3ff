import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modelCheck } from '../../collector/scoring/model-check.ts'
import { modelSchema } from '../../collector/scoring/model-schema.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import type { Json } from '../../shared/json.ts'
import { anyModel, RUNS } from './arbitrary.ts'
import { isValid } from './schema.ts'

const schema = modelSchema()

for (const [name, starter] of Object.entries(STARTERS))
  test(`the starter ${name} is valid by the schema`, () => expect(isValid(schema, starter)).toBe(true))

/** Every place in a document, as the keys that lead to it. */
function places(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [path]
  return [path, ...Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]))]
}

type Change = (parent: Record<string, unknown>, key: string) => void

const WORDS = ['on', 'trait', 'event', 'all', 'known', 'n', 'points', 'zzz', '__proto__']
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<Json[]>(
    0,
    -1,
    1.5,
    1e9,
    '',
    ' ',
    'lead',
    'a b',
    null,
    true,
    [],
    {},
    { known: 'email' },
    'x'.repeat(201),
  ),
)

const change: fc.Arbitrary<Change> = fc.oneof(
  value.map(
    (given): Change =>
      (parent, key) =>
        (parent[key] = structuredClone(given)),
  ),
  fc.constant<Change>((parent, key) => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key])),
  fc.tuple(fc.constantFrom(...WORDS), value).map(([name, given]): Change => (parent, key) => {
    const part = parent[key]
    if (part !== null && typeof part === 'object')
      Object.defineProperty(part, name, {
        value: structuredClone(given),
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }),
  fc.constant<Change>((parent, key) => (parent[key] = { not: parent[key] })),
)

const wrong = fc
  .tuple(
    fc.oneof(anyModel, fc.constantFrom(...Object.values(STARTERS))),
    fc.array(fc.tuple(fc.nat(), change), { minLength: 1, maxLength: 3 }),
  )
  .map(([model, changes]) => {
    const document = { model: JSON.parse(JSON.stringify(model)) as unknown }
    for (const [at, apply] of changes) {
      const all = places(document).slice(1)
      const path = all[at % all.length]
      if (!path) continue
      const parent = path.slice(0, -1).reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document)
      apply(parent as Record<string, unknown>, path.at(-1)!)
    }
    return (JSON.parse(JSON.stringify(document)) as { model?: unknown }).model ?? null
  })

test('the schema and the check judge every document alike', () => {
  const said = { right: 0, wrong: 0 }
  fc.assert(
    fc.property(wrong, document => {
      const errors: { pointer: string; detail: string }[] = []
      modelCheck(document, { pointer: '', errors })
      // Which zones there are, no schema says.
      fc.pre(!errors.some(({ pointer, detail }) => pointer === '/timezone' && detail.includes('not "')))
      expect({ isValid: isValid(schema, document), errors }).toMatchObject({ isValid: errors.length === 0 })
      said[errors.length === 0 ? 'right' : 'wrong']++
    }),
    { numRuns: Math.min(RUNS, 1_000) },
  )
  expect(Math.min(said.right, said.wrong)).toBeGreaterThan(0)
})

test('conditions as deep as may be, and one deeper', () => {
  const nested = (depth: number): Json => (depth === 1 ? { known: 'email' } : { not: nested(depth - 1) })
  const asking = (depth: number) => ({ ...STARTERS.shop, stages: { lead: nested(depth) } })
  expect(isValid(schema, asking(8))).toBe(true)
  expect(isValid(schema, asking(9))).toBe(false)
})
