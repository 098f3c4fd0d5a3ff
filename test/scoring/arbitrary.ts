import fc from 'fast-check'
import type { StoredEvent } from '../../shared/event.ts'
import { DAY, HOUR, MINUTE } from '../../shared/instant.ts'
import type { Properties } from '../../shared/json.ts'
import type { Condition, EventRule, Model, TraitRule, Where } from '../../shared/model.ts'
import type { Touch } from '../../shared/touch.ts'
import { NOON } from './history.ts'

const IN_CI = process.env['CI'] === 'true'

/** Number of random histories for each single law; another one by `LEADLIGHT_TEST_RUNS`. */
export const RUNS = Number(process.env['LEADLIGHT_TEST_RUNS'] ?? 400)
/** Number of random histories for all laws together. */
export const HISTORIES = IN_CI ? 100_000 : RUNS * 10

const TYPES = ['page_view', 'user_engagement', 'add_to_cart', 'remove_from_cart', 'form_submit', 'contact', 'identify']
const item = fc.constantFrom('A', 'B', 'C', undefined)
const points = fc.integer({ min: -30, max: 40 }).filter(n => n !== 0)
const halfLifeDays = fc.constantFrom(undefined, null, 0.5, 7, 14, 30)

/** Minutes apart, so that ties and gaps of exactly half an hour are common; days apart; odd milliseconds. */
export const instant = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 20 }), fc.constantFrom(0, 0, 0, 1, 12_345))
  .map(([days, tens, odd]) => NOON + days * DAY + tens * 10 * MINUTE + odd)

const touch = (at: number): fc.Arbitrary<Touch | undefined> =>
  fc
    .constantFrom(undefined, undefined, 'google', 'newsletter', '(direct)')
    .map(source => (source === undefined ? undefined : { at, source, medium: 'any' }))

const properties = (type: string): fc.Arbitrary<Properties> => {
  const all = {
    item_id: item,
    value: fc.constantFrom(undefined, 3, 25, 'many'),
    form_kind: fc.constantFrom(undefined, ...(type === 'contact' ? ['contact'] : [])),
    engaged_ms: type === 'user_engagement' ? fc.integer({ min: 0, max: 400_000 }) : fc.constant(undefined),
    traits: type === 'identify' || type === 'contact' ? traits : fc.constant(undefined),
  }
  return fc.record(all).map(sent => JSON.parse(JSON.stringify(sent)) as Properties)
}

const traits = fc.record(
  {
    email: fc.constantFrom('ada@example.com', null),
    country: fc.constantFrom('NO', 'DK', 'FR', null),
    employees: fc.constantFrom(5, 50),
  },
  { requiredKeys: [] },
)

const event = (id: string): fc.Arbitrary<StoredEvent> =>
  fc
    .record({ type: fc.constantFrom(...TYPES), at: instant })
    .chain(({ type, at }) =>
      fc.record({
        id: fc.constant(id),
        type: fc.constant(type),
        at: fc.constant(at),
        visitor: fc.constantFrom('phone', 'laptop'),
        view: fc.constantFrom('v1', 'v2', undefined),
        url: fc.constantFrom('https://shop.example/pricing?a=1', 'https://shop.example/', undefined),
        properties: properties(type),
        provenance: fc.constantFrom(
          'browser' as const,
          'browser' as const,
          'browser' as const,
          'server' as const,
          'weak' as const,
        ),
        mark: fc.constantFrom(null, null, null, null, 'bot' as const),
        touch: touch(at),
      }),
    )
    .map(sent => JSON.parse(JSON.stringify(sent)) as StoredEvent)

/** Histories in no order, with ids that do not sort by time. */
export const history: fc.Arbitrary<StoredEvent[]> = fc
  .oneof(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 1, max: 6 }))
  .chain(n => fc.tuple(...Array.from({ length: n }, (_, index) => event(`e${(index * 7) % 25}`))))

const where: fc.Arbitrary<Where | undefined> = fc.constantFrom<(Where | undefined)[]>(
  undefined,
  undefined,
  { path: { prefix: '/pri' } },
  { item_id: 'A' },
  { item_id: { exists: false } },
  { value: { gte: 3 } },
  { source: { ne: 'google' } },
)

const limit = fc.option(
  fc.record(
    {
      n: fc.integer({ min: 1, max: 2 }),
      per: fc.constantFrom('visit' as const, 'day' as const, 'ever' as const),
      key: fc.constantFrom('item_id', 'path'),
    },
    { requiredKeys: ['n', 'per'] },
  ),
  { nil: undefined },
)

const eventRule: fc.Arbitrary<Omit<EventRule, 'id' | 'group'>> = fc
  .record({
    on: fc.constantFrom(...TYPES.filter(type => type !== 'remove_from_cart')),
    where,
    worth: points,
    measured: fc.constantFrom(undefined, undefined, 'engaged_ms', 'value'),
    limit,
    halfLifeDays,
    capFactor: fc.constantFrom(undefined, 1, 1.5, 3),
    remover: fc.constantFrom('remove_from_cart', 'remove_from_cart', 'form_submit'),
    reversed: fc.constantFrom<(string[] | undefined)[]>(undefined, ['item_id'], ['item_id', 'path'], []),
  })
  .map(({ on, where: only, worth, measured, limit: atMost, halfLifeDays: days, capFactor, remover, reversed }) => ({
    on,
    ...(only ? { where: only } : {}),
    points: measured ? { per: measured === 'value' ? 3 : MINUTE, of: measured, points: worth, max: worth * 3 } : worth,
    ...(atMost ? { limit: atMost } : {}),
    ...(days === undefined ? {} : { halfLifeDays: days }),
    ...(capFactor ? { cap: worth * capFactor } : {}),
    ...(reversed && on !== remover ? { reversedBy: { on: remover, match: reversed } } : {}),
  }))

const traitRule: fc.Arbitrary<Omit<TraitRule, 'id' | 'group'>> = fc.record({
  trait: fc.constantFrom<Where[]>(
    { country: { in: ['NO', 'DK'] } },
    { employees: { gte: 10 } },
    { email: { exists: true } },
    { country: { ne: 'FR' } },
  ),
  points,
})

const condition: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition; leaf: Condition; sequence: Condition }>(tie => {
  const parts = fc.array(tie('tree'), { minLength: 1, maxLength: 3 })
  return {
    leaf: fc.oneof(
      fc.record({ score: fc.constantFrom('total' as const, 'engagement' as const, 'fit' as const), gte: points }),
      fc.record({ known: fc.constantFrom('email', 'country') }),
      fc.record({ trait: fc.constant({ employees: { gte: 10 } }) }),
      fc.record({ stage: fc.constantFrom('subscriber' as const, 'lead' as const) }),
      fc.record(
        {
          event: fc.constantFrom(...TYPES),
          where: where.filter(only => only !== undefined),
          count: fc.integer({ min: 1, max: 3 }),
          within: fc.constantFrom(1, 5),
          distinct: fc.constantFrom('item_id', 'path'),
        },
        { requiredKeys: ['event'] },
      ),
    ),
    sequence: fc.record(
      {
        sequence: fc.array(fc.record({ event: fc.constantFrom(...TYPES) }), { minLength: 2, maxLength: 3 }),
        within: fc.constantFrom(1, 5),
        sameKey: fc.constant('item_id'),
      },
      { requiredKeys: ['sequence'] },
    ),
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('leaf'),
      tie('sequence'),
      fc.record({ all: parts }),
      fc.record({ any: parts }),
      fc.record({ not: tie('tree') }),
      parts.chain(of =>
        fc.record({ atLeast: fc.record({ n: fc.integer({ min: 1, max: of.length }), of: fc.constant(of) }) }),
      ),
    ),
  }
}).tree

/** What somebody asks for does not depend on how far they have come. */
const fastTrack = fc.constantFrom<Condition[]>(
  { event: 'contact' },
  { any: [{ event: 'form_submit', count: 2, within: 5 }, { sequence: [{ event: 'identify' }, { event: 'contact' }] }] },
  { all: [{ event: 'add_to_cart' }, { score: 'total', gte: 10 }] },
)

const label = fc.record({
  score: fc.constantFrom('total' as const, 'engagement' as const, 'fit' as const),
  gte: fc.integer({ min: -20, max: 60 }),
})

/** Models of every kind of rule, limit and condition. */
export const anyModel: fc.Arbitrary<Model> = fc
  .record({
    timezone: fc.constantFrom('UTC', 'Europe/Oslo', 'America/New_York', 'Asia/Kathmandu'),
    groups: fc.tuple(
      fc.record({ id: fc.constant('a'), kind: fc.constant('engagement' as const), max: fc.constantFrom(30, 1_000) }),
      fc.record({ id: fc.constant('b'), kind: fc.constant('engagement' as const), min: fc.constantFrom(-10, -500) }),
      fc.record({ id: fc.constant('c'), kind: fc.constant('fit' as const) }),
    ),
    events: fc.array(eventRule, { minLength: 1, maxLength: 6 }),
    traits: fc.array(traitRule, { maxLength: 2 }),
    total: fc.constantFrom({}, { min: 0, max: 100 }, { min: -20 }),
    subscriber: condition,
    lead: condition,
    mql: condition,
    fastTrack: fc.option(fastTrack, { nil: undefined }),
    labels: fc.array(label, { maxLength: 2 }),
  })
  .map(({ events, traits: facts, subscriber, lead, mql, fastTrack: asks, labels, ...rest }) => ({
    name: 'Any',
    ...rest,
    rules: [
      ...events.map((rule, index) => ({ ...rule, id: `event-${index}`, group: index % 2 === 0 ? 'a' : 'b' })),
      ...facts.map((rule, index) => ({ ...rule, id: `fact-${index}`, group: 'c' })),
    ],
    labels: labels.map((given, index) => ({ ...given, id: `label-${index}` })),
    stages: { subscriber, lead, mql, ...(asks ? { fastTrack: asks } : {}) },
  }))

/** How the parts of a list may be handed over: the lengths of the batches. */
export const batches = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 30 })

/** A list cut into batches of such lengths, the last one taking what is left. */
export function cut<T>(all: readonly T[], lengths: readonly number[]): T[][] {
  const parts: T[][] = []
  let from = 0
  for (const length of lengths) {
    if (from >= all.length) break
    parts.push(all.slice(from, from + length))
    from += length
  }
  return from < all.length ? [...parts, all.slice(from)] : parts
}

/** After everything in a history, and up to months later. */
export const later = fc.integer({ min: 0, max: 24 * 90 }).map(hours => NOON + 14 * DAY + hours * HOUR)
