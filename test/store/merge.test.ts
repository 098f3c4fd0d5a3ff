import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import type { ArrivedEvent } from '../../collector/store/store.ts'
import { DAY, HOUR } from '../../shared/instant.ts'
import { crowd, email, event, expectExact, NOON, type Crowd } from './crowd.ts'

/** All that is shown of whoever uses a browser. */
async function seen({ store, site, person }: Crowd, visitor: string) {
  const lead = await person(visitor)
  return { ...lead, history: await store.history(site, lead.id), steps: await store.transitions(site, lead.id) }
}

describe('merge', () => {
  test('makes one of two: the known one stays, and both ids lead to it', async () => {
    const c = await crowd()
    await c.arrive('laptop', event('page_view'))
    await c.arrive('phone', event('add_to_cart'), email('ada@example.com'))
    const [laptop, phone] = [(await c.person('laptop')).id, (await c.person('phone')).id]
    expect(await c.merge(laptop, phone)).toBe(phone)
    expect(await c.store.lead(c.site, laptop)).toMatchObject({ id: phone, score: 35 })
    expect(await c.person('laptop')).toMatchObject({ id: phone })
    await expectExact(c)
  })

  test('of two known ones, the one made first stays, whichever is named first', async () => {
    for (const order of [0, 1]) {
      const c = await crowd()
      await c.arrive('a', email('ada@example.com'))
      await c.arrive('b', email('bob@example.com'))
      const ids = [(await c.person('a')).id, (await c.person('b')).id] as const
      expect(await (order === 0 ? c.merge(ids[0], ids[1]) : c.merge(ids[1], ids[0]))).toBe(ids[0])
      await c.arrive('c', email('bob@example.com'))
      expect((await c.person('c')).id).toBe(ids[0])
      await expectExact(c)
    }
  })

  test('twice, or in a circle, is once', async () => {
    const c = await crowd()
    for (const visitor of ['a', 'b', 'c']) await c.arrive(visitor, event('page_view'))
    const [a, b, d] = [(await c.person('a')).id, (await c.person('b')).id, (await c.person('c')).id]
    for (const [one, two] of [
      [a, b],
      [b, a],
      [b, d],
      [d, a],
      [a, a],
    ] as const)
      expect(await c.merge(one, two)).toBe(a)
    expect(await c.person('c')).toMatchObject({ id: a, score: 30 })
    await expectExact(c)
  })

  test('keeps the weightier stage: a decision outweighs what a model found', async () => {
    const c = await crowd()
    await c.arrive('a', event('page_view'))
    await c.arrive('b', ...[1, 2, 3].map(() => event('add_to_cart')))
    const [a, b] = [(await c.person('a')).id, (await c.person('b')).id]
    expect(await c.person('b')).toMatchObject({ stage: 'mql' })
    await c.store.move(c.site, a, { to: 'disqualified', reason: 'competitor', actor: 'key_test' }, c.now(), engine)
    await c.merge(a, b)
    expect(await c.person('b')).toMatchObject({ stage: 'disqualified', score: 70 })
  })

  test('nobody is refused', async () => {
    const c = await crowd()
    await c.arrive('a', event('page_view'))
    const { id } = await c.person('a')
    await expect(c.merge(id, 'nobody')).rejects.toMatchObject({ code: 'not_found' })
    await expect(c.unmerge('nobody', id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(c.unmerge(id, 'nobody')).rejects.toMatchObject({ code: 'conflict' })
    await expect(c.unmerge(id, id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(c.unmerge(id, 'a')).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('unmerge', () => {
  test('by an event: both are as though it had never been, and what came since goes to its own', async () => {
    const c = await crowd()
    const carts = [0, 1, 2].map(hour => event('add_to_cart', NOON + hour * HOUR))
    await c.arrive('phone', event('page_view'), email('ada@example.com'))
    await c.arrive('laptop', carts[0]!)
    const [phone, laptop] = [(await c.person('phone')).id, (await c.person('laptop')).id]
    await c.arrive('laptop', email('ada@example.com'), carts[1]!)
    await c.arrive('laptop', carts[2]!)
    expect(await c.person('laptop')).toMatchObject({ id: phone, stage: 'mql' })

    expect(await c.unmerge(phone, laptop)).toBe(laptop)
    expect(await c.person('laptop')).toMatchObject({ id: laptop, stage: 'mql' })
    expect(await c.person('phone')).toMatchObject({ id: phone, stage: 'lead', score: 15 })
    expect((await c.store.transitions(c.site, phone)).at(-1)).toMatchObject({
      from: 'mql',
      to: 'lead',
      cause: 'unmerge',
      actor: 'key_test',
      quiet: true,
    })
    await expectExact(c)
  })

  test('is remembered: the same claim in that browser starts anew instead of joining the past', async () => {
    const c = await crowd()
    await c.arrive('phone', email('ada@example.com'))
    await c.arrive('laptop', event('page_view'))
    const [ada, laptop] = [(await c.person('phone')).id, (await c.person('laptop')).id]
    await c.arrive('laptop', email('ada@example.com'))
    await c.unmerge(ada, laptop)
    await c.arrive('laptop', email('ada@example.com', NOON + 1), event('add_to_cart', NOON + 2))
    expect(await c.person('laptop')).toMatchObject({ id: ada })
    expect((await c.store.history(c.site, ada)).map(({ type }) => type)).toEqual([
      'identify',
      'identify',
      'add_to_cart',
    ])
    expect(await c.store.lead(c.site, laptop)).toMatchObject({ id: laptop })
    await expectExact(c)
  })

  test('of a visitor that came with nobody makes somebody new; merged again, all is as before', async () => {
    const c = await crowd()
    await c.arrive('phone', event('page_view'), email('ada@example.com'))
    const ada = (await c.person('phone')).id
    await c.arrive('laptop', event('add_to_cart'))
    await c.arrive('laptop', email('ada@example.com'))
    const before = await seen(c, 'phone')
    const left = await c.unmerge(ada, 'phone')
    expect(await c.person('phone')).toMatchObject({ id: left })
    expect(await c.person('laptop')).toMatchObject({ id: ada })
    await expectExact(c)
    expect(await c.merge(left, ada)).toBe(ada)
    expect(await c.person('phone')).toMatchObject({ id: ada, score: before.score, topReasons: before.topReasons })
    await expectExact(c)
  })

  test('keeps what was decided with who stays', async () => {
    const c = await crowd()
    await c.arrive('a', event('page_view'))
    await c.arrive('b', ...[1, 2, 3].map(() => event('add_to_cart')))
    const [a, b] = [(await c.person('a')).id, (await c.person('b')).id]
    await c.merge(a, b)
    await c.move(a, 'sql')
    await c.unmerge(a, b)
    expect(await c.person('a')).toMatchObject({ stage: 'sql', score: 10 })
    expect(await c.person('b')).toMatchObject({ stage: 'mql', score: 60 })
  })

  test('of a browser whose events had made the one who stays a lead: that one is no lead any more', async () => {
    const c = await crowd()
    await c.arrive('a', email('ada@example.com'))
    await c.arrive('b', event('page_view'))
    const b = (await c.person('b')).id
    const joint = await c.merge((await c.person('a')).id, b)
    await c.unmerge(joint, 'a')
    await c.unmerge(joint, b)
    expect(await c.store.lead(c.site, joint)).toMatchObject({ stage: 'visitor' })
    await expectExact(c)
  })

  test('after the events that had made a lead were marked: nobody is one', async () => {
    const c = await crowd()
    await c.arrive('a', email('ada@example.com'))
    await c.arrive('b', event('page_view'))
    const b = (await c.person('b')).id
    const joint = await c.merge((await c.person('a')).id, b)
    await c.store.remark(c.site, 'a', 'bot', c.now(), engine)
    await c.unmerge(joint, b)
    expect(await c.store.lead(c.site, joint)).toMatchObject({ stage: 'visitor' })
    await expectExact(c)
  })

  test('gives back who made somebody known', async () => {
    const c = await crowd()
    await c.arrive('a', email('ada@example.com'))
    await c.arrive('b', event('page_view'))
    const [a, b] = [(await c.person('a')).id, (await c.person('b')).id]
    await c.merge(a, b)
    await c.arrive('b', event('identify', NOON, { user_id: 7 }))
    await c.unmerge(a, b)
    await c.arrive('c', event('identify', NOON, { user_id: 7 }))
    expect((await c.person('c')).id).toBe(b)
    await expectExact(c)
  })
})

describe('laws', () => {
  const VISITORS = ['a', 'b', 'c', 'd', 'e']
  const visitor = fc.constantFrom(...VISITORS)
  const type = fc.constantFrom('page_view', 'add_to_cart', 'sign_up')
  const age = fc.integer({ min: 0, max: 20 * 24 }).map(hours => hours * HOUR)

  test('merged in any order and un-merged in any order, everybody is as though it had never been', async () => {
    const script = fc.record({
      arrivals: fc.array(fc.tuple(visitor, fc.array(fc.tuple(type, age), { minLength: 1, maxLength: 4 })), {
        minLength: 3,
        maxLength: 12,
      }),
      merges: fc.array(fc.tuple(visitor, visitor, fc.nat(6)), { minLength: 1, maxLength: 6 }),
      order: fc.infiniteStream(fc.nat(1_000)),
    })
    await fc.assert(
      fc.asyncProperty(script, async ({ arrivals, merges, order }) => {
        const [alone, together] = [await crowd(), await crowd()]
        const ids = new Map<string, string>()
        for (const name of VISITORS) {
          await alone.arrive(name)
          const first = event('page_view', NOON - 30 * DAY)
          await alone.arrive(name, first)
          await together.arrive(name, first)
          ids.set(name, (await together.person(name)).id)
        }
        for (const [index, [name, told]] of arrivals.entries()) {
          for (const [one, two, when] of merges) if (when === index) await together.merge(ids.get(one)!, ids.get(two)!)
          const events = told.map(([kind, old]): ArrivedEvent => event(kind, NOON - old))
          await alone.arrive(name, ...events)
          await together.arrive(name, ...events.toReversed(), events[0]!)
        }
        await expectExact(together)
        const former = [...ids.values()].toSorted(() => (order.next().value ?? 0) - 500)
        for (const id of former) {
          const lead = await together.store.lead(together.site, id)
          if (lead && lead.id !== id) await together.unmerge(lead.id, id)
        }
        await expectExact(together)
        for (const name of VISITORS) {
          const [expected, found] = [await seen(alone, name), await seen(together, name)]
          expect(found.id).toBe(ids.get(name))
          for (const key of ['score', 'topReasons', 'stage', 'history', 'traits', 'coolsAt'] as const)
            expect(found[key]).toEqual(expected[key])
        }
      }),
      { numRuns: 250 },
    )
  })

  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('arrive' as const), visitor, type, age }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('claim' as const), visitor, who: fc.nat(2), age }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), visitor, other: visitor }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('unmerge' as const), visitor, other: visitor }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), time: age }) },
  )

  test('whatever is claimed, merged and un-merged, each is what the judge makes of the whole history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async steps => {
        const c = await crowd()
        for (const name of VISITORS) await c.arrive(name, event('page_view', NOON - 30 * DAY))
        for (const told of steps) {
          const at = (old: number) => c.now() - old
          if (told.do === 'arrive') await c.arrive(told.visitor, event(told.type, at(told.age)))
          else if (told.do === 'claim') await c.arrive(told.visitor, email(`${told.who}@example.com`, at(told.age)))
          else if (told.do === 'wait') c.wait(told.time)
          else if (told.do === 'merge')
            await c.merge((await c.person(told.visitor)).id, (await c.person(told.other)).id)
          else await c.unmerge((await c.person(told.visitor)).id, told.other).catch(expectConflict)
        }
        await expectExact(c)
      }),
      { numRuns: 200 },
    )
  })
})

const expectConflict = (error: unknown): void => expect(error).toMatchObject({ code: 'conflict' })
