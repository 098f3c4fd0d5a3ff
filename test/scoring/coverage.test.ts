import { expect, test } from 'vitest'
import { explain } from '../../collector/scoring/explain.ts'
import type { Properties } from '../../shared/json.ts'
import { days, model, said, saw } from './history.ts'

const fit = model({
  rules: [
    { id: 'view', group: 'web', on: 'page_view', points: 100 },
    { id: 'area', group: 'fit', trait: { country: 'NO' }, points: 30 },
    { id: 'student', group: 'fit', trait: { role: 'student' }, points: -20 },
    { id: 'large', group: 'fit', trait: { employees: { gte: 50 }, company: { exists: true } }, points: 50 },
  ],
})

for (const [name, traits, share] of [
  ['nothing', {}, 0],
  ['a country, wanted or not', { country: 'FR' }, 0.3],
  ['a role, whose points are negative', { role: 'buyer' }, 0.2],
  ['one of two traits that a rule needs', { employees: 80 }, 0],
  ['all of it', { country: 'NO', role: 'buyer', employees: 80, company: 'Acme' }, 1],
] as [string, Properties, number][])
  test(`coverage when known is ${name}: ${share}`, () =>
    expect(explain(fit, 1, [said(traits, days(0))], days(0)).coverage).toBeCloseTo(share, 9))

test('a model that asks for nothing is covered', () =>
  expect(explain(model({ rules: [fit.rules[0]!] }), 1, [saw('/')], days(0)).coverage).toBe(1))
