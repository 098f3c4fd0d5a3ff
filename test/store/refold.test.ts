import fc from 'fast-check'
import { expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import { HOUR, MINUTE } from '../../shared/instant.ts'
import { crowd, email, event, expectExact, NOON, type Crowd } from './crowd.ts'

const LONG = 2_500
const TYPES = ['page_view', 'add_to_cart', 'sign_up', 'view_item']

/** Somebody who has come in several browsers for a long time, an event a minute in all. */
async function regular(browsers: number, events = LONG): Promise<Crowd> {
  const c = await crowd()
  const began = NOON - events * MINUTE
  for (let n = 0; n < browsers; n++) await c.arrive(`b${n}`, email('ada@example.com', began - HOUR + n))
  for (let n = 0; n < events; n += 500) {
    const slice = Array.from({ length: 500 }, (_, i) => n + i)
    for (let b = 0; b < browsers; b++) {
      const own = slice.filter(i => i % browsers === b).map(i => event(TYPES[i % 3]!, began + i * MINUTE))
      await c.arrive(`b${b}`, ...own)
    }
  }
  await refolded(c)
  return c
}

const refold = (c: Crowd) => c.store.refold(c.now(), engine)

/** How many slices that took. */
async function refolded(c: Crowd): Promise<number> {
  let slices = 1
  while (await refold(c)) slices++
  return slices
}

test('a late event in a long history is kept at once, and judged a slice at a time; then all is as if it had been on time', async () => {
  const c = await regular(1)
  const before = await c.person('b0')
  await c.arrive('b0', event('add_to_cart', NOON - 1_000 * MINUTE + 1))
  expect(await c.person('b0')).toMatchObject({ score: before.score, lastSeen: before.lastSeen })
  await c.arrive('b0', event('add_to_cart', NOON))
  await c.arrive('somebody-else', event('page_view'))
  expect((await c.person('somebody-else')).score).toBe(10)
  expect(await refolded(c)).toBeGreaterThan(LONG / 300 - 1)
  expect((await c.person('b0')).lastSeen).toBe(NOON)
  await expectExact(c)
})

test('an event in order costs no slice, however long the history', async () => {
  const c = await regular(2)
  await c.arrive('b0', event('page_view', NOON))
  expect((await c.person('b0')).lastSeen).toBe(NOON)
  expect(await refold(c)).toBe(false)
  await expectExact(c)
})

test('the next late event goes back to a milestone, not to the beginning', async () => {
  const c = await regular(1, 7_000)
  await c.arrive('b0', event('page_view', NOON - 2 * MINUTE + 1))
  const first = await refolded(c)
  await c.arrive('b0', event('page_view', NOON - MINUTE + 1))
  expect(await refolded(c)).toBeLessThan(first / 2)
  await expectExact(c)
})

test('whatever happens in between, nobody is left, and everybody is what the judge makes of the whole history', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('refold' as const), slices: fc.integer({ min: 1, max: 6 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('arrive' as const),
        browser: fc.nat(3),
        type: fc.constantFrom(...TYPES),
        age: fc.oneof(fc.nat(LONG * MINUTE), fc.nat(10 * MINUTE), fc.constant(0)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unmerge' as const) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async steps => {
      const c = await regular(3)
      await c.arrive('b3', event('page_view', NOON - HOUR))
      const id = async (browser: string) => (await c.person(browser)).id
      for (const told of steps) {
        if (told.do === 'refold') for (let n = 0; n < told.slices; n++) await refold(c)
        else if (told.do === 'arrive') await c.arrive(`b${told.browser}`, event(told.type, c.now() - told.age))
        else if (told.do === 'merge') await c.merge(await id('b0'), await id('b3'))
        else await c.unmerge(await id('b0'), 'b3').catch(error => expect(error).toMatchObject({ code: 'conflict' }))
      }
      await refolded(c)
      await expectExact(c)
    }),
    { numRuns: 8 },
  )
})
