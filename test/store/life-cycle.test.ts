import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { verify } from '../../collector/reports/verify.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { openStore } from '../../collector/store/open.ts'
import { connect } from '../../collector/store/sqlite/open.ts'
import { DAY, HOUR, MINUTE } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import { crowd, email, event, expectExact, MODEL, newId, NOON } from './crowd.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-life-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const carts = (n: number, at = NOON) => Array.from({ length: n }, (_, i) => event('add_to_cart', at + i))

describe('recycled', () => {
  test('qualifies again only by what happens after that, also when all is folded anew', async () => {
    const c = await crowd()
    await c.arrive('ada', event('page_view'), ...carts(3))
    const { id } = await c.person('ada')
    expect(await c.person('ada')).toMatchObject({ stage: 'mql' })
    c.wait(HOUR)
    const decision = { to: 'recycled', reason: 'timing', actor: 'key_test' } as const
    await c.store.move(c.site, id, decision, c.now(), engine)
    c.wait(HOUR)
    await c.arrive('ada', event('page_view', c.now()))
    await c.arrive('ada', ...carts(2, NOON + 5)) // late: before the recycling
    expect(await c.person('ada')).toMatchObject({ stage: 'recycled' })
    await c.arrive('ada', ...carts(3, c.now()))
    expect(await c.person('ada')).toMatchObject({ stage: 'mql' })

    const version = await c.store.draft(c.site, MODEL, 'key_test', c.now())
    await c.store.publish(c.site, version, 'key_test', c.now())
    await c.store.rejudge(c.site, id, c.now(), engine)
    expect((await c.store.transitions(c.site, id)).map(({ from, to, cause }) => [from, to, cause])).toEqual([
      ['visitor', 'lead', 'event'],
      ['lead', 'mql', 'event'],
      ['mql', 'recycled', 'manual'],
      ['recycled', 'mql', 'event'],
    ])
    expect((await verify(c.store, c.site)).mismatches).toEqual([])
  })

  test('stays so when merged with somebody who had qualified before', async () => {
    const c = await crowd()
    await c.arrive('ada', event('page_view'), ...carts(3))
    await c.arrive('laptop', event('page_view'), ...carts(3))
    const [ada, laptop] = [(await c.person('ada')).id, (await c.person('laptop')).id]
    c.wait(HOUR)
    await c.store.move(c.site, laptop, { to: 'recycled', reason: 'timing', actor: 'key_test' }, c.now(), engine)
    await c.merge(ada, laptop)
    expect(await c.person('ada')).toMatchObject({ stage: 'recycled' })
    await c.unmerge(ada, laptop)
    expect(await c.person('ada')).toMatchObject({ stage: 'mql' })
    expect(await c.person('laptop')).toMatchObject({ stage: 'recycled' })
    expect((await verify(c.store, c.site)).mismatches).toEqual([])
  })
})

describe('disqualified', () => {
  test('is never left by itself', async () => {
    const c = await crowd()
    await c.arrive('ada', event('page_view'))
    const { id } = await c.person('ada')
    await c.store.move(c.site, id, { to: 'disqualified', reason: 'student', actor: 'key_test' }, c.now(), engine)
    await c.arrive('ada', ...carts(5), email('ada@example.com'))
    expect(await c.person('ada')).toMatchObject({ stage: 'disqualified' })
    await c.move(id, 'lead')
    expect(await c.person('ada')).toMatchObject({ stage: 'mql' })
  })
})

describe('marks', () => {
  test('of a machine take away points and what no one decided; without them all is back', async () => {
    const c = await crowd()
    await c.arrive('ada', event('page_view'), ...carts(3))
    const before = await c.person('ada')
    expect(before).toMatchObject({ stage: 'mql', score: expect.closeTo(70, 5) as number })
    expect(await c.store.remark(c.site, 'ada', 'bot', c.now(), engine)).toBe(4)
    expect(await c.person('ada')).toMatchObject({ id: before.id, stage: 'visitor', score: 0, topReasons: [] })
    await expectExact(c)
    expect(await c.store.remark(c.site, 'ada', 'bot', c.now(), engine)).toBe(0)
    expect(await c.store.remark(c.site, 'ada', null, c.now(), engine)).toBe(4)
    expect(await c.person('ada')).toMatchObject({ ...before, scoredAt: c.now() })
    expect((await c.store.transitions(c.site, before.id)).slice(2)).toMatchObject([
      { from: 'mql', to: 'visitor', cause: 'mark', quiet: true },
      { from: 'visitor', to: 'mql', cause: 'mark', quiet: true },
    ])
    expect(await c.store.remark(c.site, 'nobody', 'bot', c.now(), engine)).toBe(0)
  })
})

describe('refresh', () => {
  const COOLING: Model = {
    ...MODEL,
    rules: [{ id: 'view', group: 'web', on: 'page_view', points: 32, halfLifeDays: 10 }],
    labels: [{ id: 'warm', score: 'total', gte: 30 }],
    stages: { lead: { all: [{ event: 'page_view' }, { not: { score: 'total', gte: 31 } }] } },
  }
  const alone = async () => {
    const store = await openStore('file::memory:', { newId })
    const site = await store.addSite({ name: 'x', writeKey: 'wk', origins: [], createdAt: NOON }, COOLING)
    const arrival = { site: site.id, visitor: 'ada', receivedAt: NOON, events: [event('page_view')], quarantined: [] }
    await store.record([arrival], NOON, engine)
    const ada = async () => (await store.leadByVisitor(site.id, 'ada'))!
    return { store, site: site.id, ada }
  }

  test('keeps every score younger than an hour, and looks at nobody twice in one', async () => {
    const { store, ada } = await alone()
    let looks = 0
    for (let now = NOON; now < NOON + DAY; now += MINUTE) {
      looks += await store.refresh(10, now, engine)
      expect(now - (await ada()).scoredAt).toBeLessThanOrEqual(HOUR)
    }
    // Once an hour, and once when the score falls under the lead's bound.
    expect(looks).toBeGreaterThanOrEqual(24)
    expect(looks).toBeLessThanOrEqual(26)
    await store.close()
  })

  test('moves stages and labels when time alone changes them, to the minute', async () => {
    const { store, site, ada } = await alone()
    const lead = await ada()
    expect(lead).toMatchObject({ stage: 'visitor', labels: ['warm'] })
    // 32 points are 31 after 10 · log2(32/31) days.
    const falls = NOON + 10 * Math.log2(32 / 31) * DAY
    for (let now = NOON; (await ada()).stage === 'visitor' && now < NOON + DAY; now += MINUTE)
      await store.refresh(10, now, engine)
    const [step] = await store.transitions(site, lead.id)
    expect(step).toMatchObject({ from: 'visitor', to: 'lead', cause: 'time', event: null, quiet: false })
    expect(step!.at).toBeGreaterThanOrEqual(falls)
    expect(step!.at - falls).toBeLessThan(2 * MINUTE)
    await store.close()
  })

  test('an event does not touch the index by which the due ones are found', async () => {
    const path = join(folder, 'due.db')
    const store = await openStore(`file:${path}`, { newId })
    const { id: site } = await store.addSite({ name: 'x', writeKey: 'wk', origins: [], createdAt: NOON }, MODEL)
    const arrive = (now: number) =>
      store.record(
        [{ site, visitor: 'ada', receivedAt: now, events: [event('page_view', now)], quarantined: [] }],
        now,
        engine,
      )
    await arrive(NOON)
    const connection = connect(path)
    const due = () => connection.prepare('SELECT due_at FROM persons').pluck().get() as number
    const first = due()
    expect(first).toBeGreaterThan(NOON)
    expect(first).toBeLessThanOrEqual(NOON + HOUR)
    for (let now = NOON; now < first; now += 10 * MINUTE) {
      await arrive(now)
      expect(due()).toBe(first)
    }
    await arrive(first + 1)
    expect(due()).toBe(first + HOUR)
    connection.close()
    await store.close()
  })
})

describe('models', () => {
  test('a person of an older version who does something: first what the model changes, then what happened', async () => {
    const c = await crowd()
    await c.arrive('ada', event('page_view'))
    const { id } = await c.person('ada')
    const easy: Model = { ...MODEL, stages: { lead: { event: 'page_view' }, mql: { event: 'sign_up' } } }
    await c.store.publish(c.site, await c.store.draft(c.site, easy, 'key_test', c.now()), 'key_test', c.now())
    await c.arrive('ada', event('sign_up', NOON + 1))
    expect(await c.store.transitions(c.site, id)).toMatchObject([
      { to: 'lead', cause: 'model', quiet: true, model: 2 },
      { to: 'mql', cause: 'event', quiet: false, model: 2 },
    ])
    await expectExact(c)
  })

  test('a draft never scores; one that is published after a newer one is live', async () => {
    const c = await crowd()
    const two = await c.store.draft(c.site, { ...MODEL, name: 'Two' }, 'a', c.now())
    const three = await c.store.draft(c.site, { ...MODEL, name: 'Three' }, 'b', c.now())
    expect((await c.store.model(c.site)).version).toBe(1)
    await c.store.publish(c.site, three, 'b', c.now())
    await c.store.publish(c.site, two, 'a', c.now())
    await c.arrive('ada', event('page_view'))
    expect(await c.person('ada')).toMatchObject({ model: two })
    expect(await c.store.models(c.site)).toMatchObject([
      { version: 3, live: false, name: 'Three', author: 'b' },
      { version: 2, live: true, name: 'Two', author: 'a' },
      { version: 1, live: false, name: 'Test', author: null },
    ])
    await expect(c.store.publish(c.site, two, 'a', c.now())).rejects.toMatchObject({ code: 'conflict' })
    await expect(c.store.publish(c.site, 9, 'a', c.now())).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('verify', () => {
  test('finds what somebody changed behind the back of the store', async () => {
    const path = join(folder, 'verify.db')
    const store = await openStore(`file:${path}`, { newId })
    const { id: site } = await store.addSite({ name: 'x', writeKey: 'wk', origins: [], createdAt: NOON }, MODEL)
    const arrivals = ['ada', 'bob'].map(visitor => ({
      site,
      visitor,
      receivedAt: NOON,
      events: [event('page_view'), event('add_to_cart')],
      quarantined: [],
    }))
    await store.record(arrivals, NOON, engine)
    expect(await verify(store, site)).toEqual({ persons: 2, events: 4, mismatched: 0, mismatches: [] })

    const ada = (await store.leadByVisitor(site, 'ada'))!.id
    const connection = connect(path)
    connection.prepare('UPDATE persons SET score = 31 WHERE id = ?').run(ada)
    expect((await verify(store, site)).mismatches).toEqual([{ lead: ada, field: 'score', stored: 31, recomputed: 30 }])
    connection.prepare('UPDATE persons SET score = 30 WHERE id = ?').run(ada)
    connection.prepare(`DELETE FROM events WHERE type = 'add_to_cart' AND visitor_id = 1`).run()
    expect((await verify(store, site)).mismatches.map(({ lead, field }) => [lead === ada, field])).toContainEqual([
      true,
      'score',
    ])
    connection.close()
    await store.close()
  })
})
