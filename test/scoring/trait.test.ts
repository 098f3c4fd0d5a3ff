import { expect, test } from 'vitest'
import type { StoredEvent } from '../../shared/event.ts'
import type { Properties } from '../../shared/json.ts'
import { days, happened, judged, minutes, model, said } from './history.ts'

const known = (...events: StoredEvent[]) => {
  const { traits } = judged(model({}), events, days(1)).profile
  return Object.fromEntries(Object.entries(traits).map(([name, { value }]) => [name, value]))
}
const server = { provenance: 'server' as const }

for (const [name, events, traits] of [
  [
    'the last value stays',
    [said({ role: 'buyer' }, minutes(0)), said({ role: 'owner' }, minutes(1))],
    { role: 'owner' },
  ],
  ['last by event time', [said({ role: 'owner' }, minutes(1)), said({ role: 'buyer' }, minutes(0))], { role: 'owner' }],
  [
    'a browser changes nothing that a server has set',
    [said({ role: 'buyer' }, minutes(0), server), said({ role: 'owner' }, minutes(1))],
    { role: 'buyer' },
  ],
  [
    'a server changes what a browser has said',
    [said({ role: 'buyer' }, minutes(0)), said({ role: 'owner' }, minutes(1), server)],
    { role: 'owner' },
  ],
  ['a form can say them too', [happened('contact', minutes(0), { traits: { company: 'Acme' } })], { company: 'Acme' }],
  [
    'a group’s name is the company',
    [happened('group', minutes(0), { traits: { name: 'Acme', industry: 'retail' } })],
    { company: 'Acme', industry: 'retail' },
  ],
  ['an address is trimmed, in lower case', [said({ email: '  Ada@Example.COM ' })], { email: 'ada@example.com' }],
  [
    'what is no address is passed over',
    [said({ email: 'ada@example.com' }, minutes(0)), said({ email: 'none' }, minutes(1))],
    { email: 'ada@example.com' },
  ],
  ['blank is no news', [said({ role: 'buyer' }, minutes(0)), said({ role: ' ' }, minutes(1))], { role: 'buyer' }],
  ['null forgets', [said({ role: 'buyer' }, minutes(0)), said({ role: null }, minutes(1))], {}],
  ['only single values are kept', [said({ a: { b: 1 }, c: [1], d: false, e: 0 })], { d: false, e: 0 }],
  ['names are plain', [said({ 'a b': 1, '1a': 1, _a: 1, ['a'.repeat(65)]: 1, Ok_1: 1 })], { Ok_1: 1 }],
  ['weak events say nothing', [said({ role: 'buyer' }, minutes(0), { provenance: 'weak' })], {}],
] as [string, StoredEvent[], Properties][])
  test(name, () => expect(known(...events)).toEqual(traits))

test('when it became known, and by whom', () => {
  const { traits } = judged(model({}), [said({ role: 'buyer' }, minutes(3), server)], days(1)).profile
  expect(traits['role']).toEqual({ value: 'buyer', at: minutes(3), provenance: 'server' })
})

test('a text is kept to 1,000 characters, never cut through one', () => {
  expect(known(said({ note: 'é'.repeat(1_001) }))['note']).toBe('é'.repeat(1_000))
  expect(known(said({ note: `${'a'.repeat(999)}😀` }))['note']).toBe('a'.repeat(999))
})

test('a person has a hundred traits at most; those that are known can still change', () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`trait_${n}`, n]))
  const traits = known(said(many, minutes(0)), said({ trait_0: 'new', trait_149: 'new' }, minutes(1)))
  expect(Object.keys(traits)).toHaveLength(100)
  expect(traits).toMatchObject({ trait_0: 'new' })
  expect(traits).not.toHaveProperty('trait_149')
})

test('names that every object has are names like any other', () => {
  const asking = model({
    rules: ['constructor', 'toString', 'hasOwnProperty'].map(name => ({
      id: name,
      group: 'fit',
      trait: { [name]: { exists: true } },
      points: 10,
    })),
  })
  expect(judged(asking, [], days(1)).profile.fit).toBe(0)
  expect(judged(asking, [said({ constructor: 'x' })], days(1)).profile.fit).toBe(10)
  expect(known(said(JSON.parse('{"__proto__":{"email":"a@b.no"}}') as Properties))).toEqual({})
})

test('a rule for a trait counts while it is true, and does not fade', () => {
  const area = model({ rules: [{ id: 'area', group: 'fit', trait: { country: { in: ['NO', 'DK'] } }, points: 30 }] })
  const events = [said({ country: 'NO' }, minutes(0)), said({ country: 'FR' }, days(2))]
  expect(judged(area, [], days(1)).profile.fit).toBe(0)
  expect(judged(area, events.slice(0, 1), days(1_000)).profile).toMatchObject({ fit: 30, engagement: 0, score: 30 })
  expect(judged(area, events, days(2)).profile.fit).toBe(0)
})
