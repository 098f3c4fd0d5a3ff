import fc from 'fast-check'
import { expect, test } from 'vitest'
import { known, newVisitor, type Visitor } from '../../sdk/visitor.ts'

const identification = fc.tuple(
  fc.constantFrom('', '41', '42', '43'),
  fc.constantFrom('', 'ada@example.org', ' ADA@Example.org', 'bo@example.org'),
)

test('the same person again is the same visitor', () => {
  fc.assert(
    fc.property(identification, ([user, email]) => {
      const once = known(newVisitor(), user, email)
      expect(known(once, user, email)).toEqual(once)
      expect(known(once, user, ` ${email.toUpperCase()} `.repeat(email ? 1 : 0))).toEqual(once)
      expect(known(once)).toEqual(once)
    }),
  )
})

test('whatever comes one after the other, no visitor ever has two user ids, or two addresses without one', () => {
  fc.assert(
    fc.property(fc.array(identification, { maxLength: 8 }), all => {
      const people = new Map<string, Set<string>>()
      let visitor: Visitor = newVisitor()
      for (const [user, email] of all) {
        visitor = known(visitor, user, email)
        const names = people.get(visitor.id) ?? new Set<string>()
        if (user) names.add(`user ${user}`)
        people.set(visitor.id, names)
      }
      for (const names of people.values()) expect(names.size).toBeLessThan(2)
    }),
  )
})

test.for([
  ['an address, then the user id of the same person', ['', 'ada@example.org'], ['42', ''], true],
  ['a user id, then an address', ['42', ''], ['', 'ada@example.org'], true],
  ['a user id that comes with a new address', ['42', 'ada@example.org'], ['42', 'ada@new.example'], true],
  ['another address', ['', 'ada@example.org'], ['', 'bo@example.org'], false],
  ['another user id', ['42', ''], ['43', ''], false],
  ['another user id with the same address', ['42', 'ada@example.org'], ['43', 'ada@example.org'], false],
  ['an address that is not the known user’s', ['42', 'ada@example.org'], ['', 'bo@example.org'], false],
] as const)('%s: the same visitor? %4$s', ([, first, second, same]) => {
  const before = known(newVisitor(), ...first)
  const after = known(before, ...second)
  expect(after.id === before.id).toBe(same)
  if (!same)
    expect(after).toEqual({ ...known(newVisitor(), ...second), id: after.id, user: after.user, email: after.email })
})

test('what is kept does not tell who it is, nor that two sites know the same person', () => {
  const here = known(newVisitor(), '42', 'ada@example.org')
  const there = known(newVisitor(), '42', 'ada@example.org')
  expect(here.user).toMatch(/^-?[0-9a-z]{1,7}$/)
  expect(here.email).toMatch(/^-?[0-9a-z]{1,7}$/)
  expect(there.user).not.toBe(here.user)
  expect(there.email).not.toBe(here.email)
})

test('nobody has an id who has refused', () => {
  expect(newVisitor('denied').id).toBe('')
  expect(newVisitor('granted')).toMatchObject({ id: expect.stringMatching(/.{36}/), consent: 'granted' })
})
