import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lint } from '../../collector/scoring/lint.ts'
import { readModel } from '../../collector/scoring/model.ts'
import { reach } from '../../collector/scoring/reach.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import type { Model } from '../../shared/model.ts'
import { anyModel, history, later, RUNS } from './arbitrary.ts'
import { judged, model } from './history.ts'

for (const [name, starter] of Object.entries(STARTERS))
  test(`the starter ${name} has nothing to warn of`, () => expect(lint(starter)).toEqual([]))

const view = { id: 'view', group: 'web', on: 'page_view', points: 10, cap: 20 }
const withRule = (rule: object): Partial<Model> => ({ rules: [{ ...view, ...rule }] })
const asking = (mql: Model['stages']['mql']): Partial<Model> => ({ rules: [view], stages: { mql: mql! } })

for (const [name, parts, pointer, detail] of [
  [
    'a threshold above every cap',
    asking({ all: [{ known: 'email' }, { score: 'total', gte: 50 }] }),
    '/stages/mql/all/1/gte',
    'A score of 50 is never reached: rules, caps and limits together allow 20 at most.',
  ],
  [
    'a threshold of fit without a rule for fit',
    asking({ score: 'fit', gte: 10 }),
    '/stages/mql/gte',
    'A score for fit of 10 is never reached: rules, caps and limits together allow 0 at most.',
  ],
  [
    'a label above the limit of the total',
    { ...withRule({ cap: undefined }), total: { max: 30 }, labels: [{ id: 'hot', score: 'total', gte: 60 }] },
    '/labels/0/gte',
    'A score of 60 is never reached: rules, caps and limits together allow 30 at most.',
  ],
  [
    'a path without its slash',
    withRule({ where: { path: { prefix: 'pricing' } } }),
    '/rules/0/where/path',
    'This rule can never fire: a path begins with a slash: "/pricing".',
  ],
  [
    'numbers that leave no room',
    withRule({ where: { value: { gt: 100, lt: 50 } } }),
    '/rules/0/where/value',
    'This rule can never fire: no number is above 100 and under 50.',
  ],
  [
    'a list that another part forbids',
    withRule({ where: { file_extension: { in: ['pdf', 'epub'], prefix: 'x' } } }),
    '/rules/0/where/file_extension',
    'This rule can never fire: none of the values listed fits the rest of what is asked.',
  ],
  [
    'something absent of a kind',
    { rules: [{ id: 'a', group: 'fit', trait: { role: { exists: false, eq: 'x' } }, points: 1 }] },
    '/rules/0/trait/role',
    'This rule can never apply: what is not there has no value to match.',
  ],
  [
    'a cap under the points',
    withRule({ points: 20, cap: 10 }),
    '/rules/0/cap',
    'One event is worth 20, but the cap never lets the rule hold more than 10: make them equal.',
  ],
  [
    'a cap that the limit never lets it reach',
    withRule({ points: 20, cap: 60, limit: { n: 2, per: 'ever' } }),
    '/rules/0/cap',
    'The limit admits 2 at 20 points: the cap of 60 is never reached.',
  ],
  [
    'a group that hides a part of a rule',
    { ...withRule({ points: 50, cap: 50 }), groups: [{ id: 'web', kind: 'engagement', max: 40 }] },
    '/rules/0/points',
    'Worth 50, but the group web never holds more than 40: the limit hides the rest.',
  ],
  [
    'a group that hides all of it',
    { ...withRule({ points: -5, cap: -5 }), groups: [{ id: 'web', kind: 'engagement', min: 0 }] },
    '/rules/0/points',
    'The group web never holds less than 0, so that these points never show.',
  ],
  [
    'a slip in a name',
    withRule({ on: 'add_to_card' }),
    '/rules/0/on',
    'No event of the name "add_to_card" is known; did you mean "add_to_cart"?',
  ],
  [
    'another style of name',
    asking({ any: [{ event: 'requestQuote' }] }),
    '/stages/mql/any/0/event',
    'No event of the name "requestQuote" is known; did you mean "request_quote"?',
  ],
  [
    'in a sequence',
    asking({ sequence: [{ event: 'view_item' }, { event: 'purchese' }] }),
    '/stages/mql/sequence/1/event',
    'No event of the name "purchese" is known; did you mean "purchase"?',
  ],
  [
    'three of two',
    asking({ atLeast: { n: 3, of: [{ known: 'email' }, { known: 'role' }] } }),
    '/stages/mql/atLeast/n',
    'Asks for 3 of 2: that is never met.',
  ],
] as [string, Partial<Model>, string, string][])
  test(`warned of: ${name}`, () => expect(lint(readModel(model(parts)))).toEqual([{ pointer, detail }]))

test('names of your own are welcome', () => {
  for (const on of ['careers', 'configure_car', 'loyalty_points', 'x'])
    expect(lint(model(withRule({ on })))).toEqual([])
})

test('no history ever reaches more than is said to be possible', () => {
  fc.assert(
    fc.property(anyModel, history, later, (any, events, now) => {
      const most = reach(any)
      const { score, engagement, fit } = judged(any, events, now).profile
      expect(score).toBeLessThanOrEqual(most.total + 1e-9)
      expect(engagement).toBeLessThanOrEqual(most.engagement + 1e-9)
      expect(fit).toBeLessThanOrEqual(most.fit + 1e-9)
    }),
    { numRuns: Math.min(RUNS, 2_000) },
  )
})
