import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import { judge } from '../../collector/scoring/judge.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { Json, Properties } from '../../shared/json.ts'
import { anyModel, instant, RUNS } from './arbitrary.ts'
import { days, happened, judged, model, NOBODY, NOON, stored } from './history.ts'

/** What a stranger may put where a name, a number or an object was meant. */
const nasty: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map(value => value as Json),
  fc.constantFrom<Json[]>(1e308, -1e308, 5e-324, -0, 2 ** 53, '', ' ', 'NaN', 'Infinity', '1e999', '\uD800', '\0'),
  fc.constantFrom<Json[]>('a'.repeat(32_000), [[[[]]]], {}, [null], { email: {} }, '__proto__', 'constructor'),
)

const properties = fc
  .dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        'item_id',
        'items',
        'engaged_ms',
        'value',
        'traits',
        'form_kind',
        'file_extension',
        '__proto__',
        'toString',
      ),
    ),
    fc.oneof(
      nasty,
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('email', 'country', '__proto__', 'constructor')), nasty),
    ),
    { maxKeys: 8 },
  )
  .map(sent => JSON.parse(JSON.stringify(sent)) as Properties)

const stranger: fc.Arbitrary<StoredEvent> = fc.record({
  id: fc.uuid(),
  type: fc.oneof(
    fc.string(),
    fc.constantFrom(
      'page_view',
      'user_engagement',
      'add_to_cart',
      'identify',
      'group',
      'contact',
      '__proto__',
      'constructor',
    ),
  ),
  at: fc.oneof(instant, fc.constantFrom(0, -1e15, 8.64e15, NaN, Infinity, -Infinity)),
  visitor: fc.string(),
  view: fc.string(),
  url: fc.oneof(fc.string(), fc.webUrl()),
  title: fc.string(),
  properties,
  provenance: fc.constantFrom('browser' as const, 'server' as const),
  mark: fc.constant(null),
})

test('nothing that an event carries makes scoring throw, or a score no number', () => {
  const models = fc.oneof(anyModel, fc.constantFrom(STARTERS.shop, STARTERS.content))
  fc.assert(
    fc.property(models, fc.array(stranger, { maxLength: 15 }), (rules, events) => {
      const verdict = judged(rules, events, days(30))
      expect(Number.isFinite(verdict.profile.score)).toBe(true)
      const again = judge(rules, 1, stored(verdict), [], days(30))
      expect(again?.profile).toEqual(JSON.parse(JSON.stringify(verdict.profile)))
      const { residual, score } = explain(rules, 1, events, days(30))
      expect(Math.abs(residual)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(score), 10_000))
    }),
    { numRuns: RUNS },
  )
})

test('a fold that is not one is refused, not believed', () => {
  for (const fold of [
    {},
    [],
    'fold',
    7,
    true,
    { format: 1 },
    { format: 0, model: 1 },
    { format: 1, model: 2 },
  ] as Json[])
    expect(judge(STARTERS.shop, 1, { ...NOBODY, fold }, [], NOON)).toBeNull()
})

test('properties that are missing altogether are none', () => {
  for (const missing of [null, undefined, 'text', 7, []])
    expect(
      judged(STARTERS.shop, [happened('page_view', NOON, missing as unknown as Properties)], NOON).profile.score,
    ).toBe(10)
})

test('what is remembered stays small, whatever is sent', () => {
  const rules = model({
    rules: [
      {
        id: 'a',
        group: 'web',
        on: 'x',
        points: 1,
        limit: { n: 1, per: 'ever', key: 'k' },
        reversedBy: { on: 'y', match: ['k'] },
      },
      { id: 'b', group: 'web', on: 'x', points: 1, limit: { n: 1, per: 'visit', key: 'k' } },
      { id: 'c', group: 'web', on: 'x', points: 1, limit: { n: 1, per: 'day', key: 'k' } },
    ],
    stages: {
      lead: { event: 'x', count: 100, distinct: 'k', within: 1 },
      mql: { sequence: [{ event: 'x' }, { event: 'z' }], sameKey: 'k' },
    },
  })
  const flood = Array.from({ length: 3_000 }, (_, n) =>
    happened(
      'x',
      NOON + n,
      { k: `${n}${'k'.repeat(1_000)}`, traits: { [`t${n}`]: 'v' } },
      { visitor: `visitor ${n}`, view: `view ${n}` },
    ),
  )
  expect(JSON.stringify(judged(rules, flood, days(1)).standing.fold).length).toBeLessThan(40_000)
})
