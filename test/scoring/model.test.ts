import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readModel } from '../../collector/scoring/model.ts'
import { Refusal } from '../../shared/refusal.ts'
import { RUNS } from './arbitrary.ts'

const small = {
  name: 'Small',
  groups: [{ id: 'web', kind: 'engagement' }],
  rules: [{ id: 'view', group: 'web', on: 'page_view', points: 10 }],
}

/** What is said of a document, by place. */
function refused(document: unknown): Record<string, string> {
  try {
    readModel(document)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.code).toBe('invalid')
    return Object.fromEntries(error.errors.map(({ pointer, detail }) => [pointer, detail]))
  }
  return {}
}

const withRule = (rule: object) => ({ ...small, rules: [{ ...small.rules[0], ...rule }] })
const withLead = (lead: unknown) => ({ ...small, stages: { lead } })

test('what may be left out is filled in', () => {
  expect(readModel(small)).toEqual({ ...small, timezone: 'UTC', total: {}, labels: [], stages: {} })
})

test('the model is a copy', () => {
  const read = readModel(small)
  expect(read.rules[0]).not.toBe(small.rules[0])
})

for (const [name, document, pointer, detail] of [
  ['no object', 'model', '', 'Must be an object, not "model".'],
  ['nothing', null, '', 'Must be an object, not null.'],
  ['no name', { ...small, name: undefined }, '', '`name` is missing.'],
  ['an unknown part', { ...small, label: [] }, '/label', '"label" is not known here. Did you mean `labels`?'],
  [
    'a misspelt key',
    withRule({ halflifeDays: 7 }),
    '/rules/0/halflifeDays',
    '"halflifeDays" is not known here. Did you mean `halfLifeDays`?',
  ],
  [
    'a key far from any',
    withRule({ zzz: 7 }),
    '/rules/0/zzz',
    '"zzz" is not known here. Known: id, group, on, where, points, limit, halfLifeDays, cap, reversedBy.',
  ],
  ['letters swapped', { ...small, total: { mni: 0 } }, '/total/mni', '"mni" is not known here. Did you mean `min`?'],
  [
    'a group that is not there',
    withRule({ group: 'wbe' }),
    '/rules/0/group',
    '"wbe" is not known here. Did you mean `web`?',
  ],
  [
    'a kind that is not there',
    { ...small, groups: [{ id: 'web', kind: 'behaviour' }] },
    '/groups/0/kind',
    '"behaviour" is not known here. Known: engagement, fit.',
  ],
  [
    'no time zone',
    { ...small, timezone: 'Oslo' },
    '/timezone',
    'Must be a time zone such as "Europe/Oslo" or "UTC", not "Oslo".',
  ],
  [
    'two rules with one id',
    { ...small, rules: [small.rules[0], small.rules[0]] },
    '/rules/1/id',
    'There is already a "view" among the rules.',
  ],
  [
    'neither event nor trait',
    { ...small, rules: [{ id: 'x', group: 'web', points: 1 }] },
    '/rules/0',
    'Needs either `on`, the type of an event, or `trait`, what a person is.',
  ],
  ['both', withRule({ trait: { role: 'x' } }), '/rules/0', 'Has both `on` and `trait`: make it two rules.'],
  ['points as text', withRule({ points: '10' }), '/rules/0/points', 'Must be a number from -10000 to 10000, not "10".'],
  ['no points', withRule({ points: 0 }), '/rules/0/points', 'Must not be 0: it would do nothing.'],
  [
    'a half-life of nothing',
    withRule({ halfLifeDays: 0 }),
    '/rules/0/halfLifeDays',
    'Must be a number above 0, at most 36500, not 0.',
  ],
  [
    'a cap on the wrong side',
    withRule({ points: -10, cap: 10 }),
    '/rules/0/cap',
    'Must have the sign of the points, -10: it is the most that they add up to.',
  ],
  [
    'a limit of half an event',
    withRule({ limit: { n: 0.5, per: 'day' } }),
    '/rules/0/limit/n',
    'Must be a whole number from 1 to 1000, not 0.5.',
  ],
  [
    'a limit per what?',
    withRule({ limit: { n: 1, per: 'days' } }),
    '/rules/0/limit/per',
    '"days" is not known here. Did you mean `day`?',
  ],
  [
    'measured by nothing',
    withRule({ points: { per: 0, of: 'value', points: 1 } }),
    '/rules/0/points/per',
    'Must be a number above 0, not 0.',
  ],
  [
    'taken out by itself',
    withRule({ reversedBy: { on: 'page_view', match: [] } }),
    '/rules/0/reversedBy/on',
    'An event cannot take itself out: name the event that removes.',
  ],
  ['limits the wrong way round', { ...small, total: { min: 5, max: 1 } }, '/total/min', 'Must not be above `max`, 1.'],
  [
    'a regular expression',
    withRule({ where: { path: { regex: '.*' } } }),
    '/rules/0/where/path/regex',
    '"regex" is not known here. Known: eq, ne, in, prefix, suffix, contains, glob, gt, gte, lt, lte, exists.',
  ],
  [
    'nothing to match',
    withRule({ where: { path: {} } }),
    '/rules/0/where/path',
    'Must say what to match: { "prefix": "/pricing" }, for example.',
  ],
  [
    'a list to match',
    withRule({ where: { path: ['/a'] } }),
    '/rules/0/where/path',
    'Must be a text, a number, true, false or null, not a list.',
  ],
  [
    'a strange field',
    withRule({ where: { 'a b': 1 } }),
    '/rules/0/where/a b',
    'Must be the name of a field: at most 64 letters, digits and _ . $ -, and no digit first.',
  ],
  [
    'a slash in a name',
    withRule({ where: { 'a/b~': 1 } }),
    '/rules/0/where/a~1b~0',
    'Must be the name of a field: at most 64 letters, digits and _ . $ -, and no digit first.',
  ],
  [
    'a stage of sales',
    { ...small, stages: { sql: { known: 'email' } } },
    '/stages/sql',
    '"sql" is not known here. Did you mean `mql`?',
  ],
  [
    'a condition of no kind',
    withLead({ knows: 'email' }),
    '/stages/lead',
    '"knows" is not known here. Did you mean `known`?',
  ],
  [
    'two conditions in one',
    withLead({ known: 'email', event: 'x' }),
    '/stages/lead',
    '`known` and `event` are two conditions: join them by "all" or "any".',
  ],
  [
    'no condition at all',
    withLead('email'),
    '/stages/lead',
    'Must be a condition such as { "known": "email" }, not "email".',
  ],
  ['an empty all', withLead({ all: [] }), '/stages/lead/all', 'Must have at least one entry.'],
  [
    'a misspelt part of a leaf',
    withLead({ event: 'x', withn: 7 }),
    '/stages/lead/withn',
    '"withn" is not known here. Did you mean `within`?',
  ],
  [
    'a sequence of one',
    withLead({ sequence: [{ event: 'x' }] }),
    '/stages/lead/sequence',
    'Must have at least 2 entries.',
  ],
  [
    'an unknown score',
    withLead({ all: [{ score: 'totl', gte: 5 }] }),
    '/stages/lead/all/0/score',
    '"totl" is not known here. Did you mean `total`?',
  ],
] as [string, unknown, string, string][])
  test(`refused: ${name}`, () => expect(refused(document)).toEqual({ [pointer]: detail }))

test('all wrong places are listed at once', () => {
  const wrong = { ...withRule({ points: 0, group: 'x', on: '' }), name: '', labels: [{ id: '1', score: 'total' }] }
  expect(Object.keys(refused(wrong))).toEqual([
    '/name',
    '/rules/0/on',
    '/rules/0/points',
    '/labels/0/id',
    '/labels/0',
    '/rules/0/group',
  ])
})

test('conditions may not be nested without end', () => {
  let deep: unknown = { known: 'email' }
  for (let n = 0; n < 50_000; n++) deep = { not: deep }
  expect(Object.values(refused(withLead(deep)))).toEqual(['Conditions may be 8 deep at most.'])
})

test('a name that every object inherits is not a known one', () => {
  for (const key of ['constructor', 'toString', '__proto__'])
    expect(Object.keys(refused(JSON.parse(`{"name":"x","groups":[],"rules":[],"${key}":{}}`)))).toContain(`/${key}`)
  expect(
    Object.keys(refused(JSON.parse(JSON.stringify(withRule({})).replace('"on"', '"where":{"__proto__":1},"on"')))),
  ).toEqual(['/rules/0/where/__proto__'])
})

test('whatever is sent is either a model or refused with reasons', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({
      name: fc.jsonValue(),
      groups: fc.jsonValue(),
      rules: fc.array(fc.jsonValue()),
      stages: fc.jsonValue(),
    }),
    fc.jsonValue().map(withRule as (value: unknown) => unknown),
    fc.jsonValue().map(withLead),
  )
  fc.assert(
    fc.property(anything, document => {
      refused(document)
    }),
    { numRuns: RUNS },
  )
})
