import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import { DAY, HOUR, MINUTE } from '../../shared/instant.ts'
import type { Webhook } from '../../shared/webhook.ts'
import { desk, MODEL, signsUp, type Desk } from './desk.ts'

let office: Desk
let webhook: Webhook
beforeEach(async () => {
  office = await desk()
  webhook = await office.subscribe('https://crm.example/')
})
afterEach(() => office.close())

interface Body {
  type: string
  timestamp: string
  data: {
    id: string
    stage: string
    score: number
    transition?: { from: string; to: string; cause: string }
    cooled?: object
  }
}
const told = async (): Promise<Body[]> => (await office.deliveries(webhook)).map(({ body }) => JSON.parse(body) as Body)
const types = async () => (await told()).map(({ type }) => type)
const lead = async (visitor: string) => (await office.store.leadByVisitor(office.site, visitor))!
const passes = async (time: number) => {
  office.advance(time)
  while ((await office.store.refresh(500, office.now(), engine)) === 500);
}

describe('what is told', () => {
  test('every step, with the lead as it was at that step', async () => {
    await office.happens('ada', signsUp('ada@example.com'))
    await office.happens('ada', 'page_view', 'page_view')
    expect(await types()).toEqual(['lead.created', 'lead.stage_changed', 'lead.mql', 'lead.stage_changed'])
    expect((await told()).map(({ data }) => [data.stage, data.transition?.from, data.transition?.to])).toEqual([
      ['lead', 'visitor', 'lead'],
      ['lead', 'visitor', 'lead'],
      ['mql', 'lead', 'mql'],
      ['mql', 'lead', 'mql'],
    ])
  })

  test('two steps in one transaction are two messages, in order; one step that skips a stage is news of both', async () => {
    await office.happens('ada', 'page_view', 'page_view', signsUp('ada@example.com'))
    expect(await types()).toEqual(['lead.created', 'lead.mql', 'lead.stage_changed'])
    await office.happens('bob', signsUp('bob@example.com'), 'page_view', 'page_view')
    const steps = (await told()).filter(({ type, data }) => type === 'lead.stage_changed' && data.transition)
    expect(steps.map(({ data }) => data.stage)).toEqual(['mql', 'lead', 'mql'])
  })

  test('one message has one id, whoever gets it; each only what it asked for', async () => {
    const other = await office.subscribe('https://other.example/', { events: ['lead.mql'] })
    await office.happens('ada', 'page_view', 'page_view', signsUp('ada@example.com'))
    const [mql] = await office.deliveries(other)
    expect((await office.deliveries(other)).map(({ type }) => type)).toEqual(['lead.mql'])
    expect((await office.deliveries(webhook)).find(({ type }) => type === 'lead.mql')).toMatchObject({
      id: mql?.id,
      body: mql?.body,
    })
    const all = (await office.deliveries(webhook)).map(({ id }) => id)
    expect(new Set(all).size).toBe(all.length)
    expect(all.every(id => /^msg_[0-9a-f]{32}$/.test(id))).toBe(true)
  })

  test('a decision, before what the engine makes of it', async () => {
    await office.happens('ada', signsUp('ada@example.com'))
    const { id } = await lead('ada')
    await office.store.move(office.site, id, { to: 'sql', actor: 'key_1' }, office.now(), engine)
    const [, , accepted] = await told()
    expect(accepted).toMatchObject({
      type: 'lead.stage_changed',
      data: { stage: 'sql', transition: { from: 'lead', to: 'sql', cause: 'manual', actor: 'key_1' } },
    })
    expect(accepted?.data).not.toHaveProperty('transition.explanation')
  })

  test('a candidate for sales once, also when they are joined with whom they turn out to be', async () => {
    await office.happens('laptop', signsUp('ada@example.com'))
    await office.happens('phone', 'request_quote')
    expect((await types()).at(-1)).toBe('lead.sql_candidate')
    await office.happens('phone', 'request_quote', signsUp('ada@example.com'))
    await office.happens('laptop', 'request_quote')
    expect((await types()).filter(type => type === 'lead.sql_candidate')).toHaveLength(1)
    expect((await lead('phone')).candidateSince).not.toBeNull()
  })

  test('nothing twice: a duplicate, a replay and a restart tell nobody', async () => {
    await office.happens('ada', signsUp('ada@example.com'))
    const before = await types()
    await office.happens('ada', signsUp('ada@example.com'))
    await passes(2 * HOUR)
    expect(await types()).toEqual(before)
  })
})

describe('what is told to nobody', () => {
  test('what a new model makes of the past', async () => {
    await office.happens('ada', 'page_view', 'request_demo')
    const before = await types()
    const stages = { lead: { event: 'page_view' }, fastTrack: { event: 'request_demo' } }
    const version = await office.store.draft(office.site, { ...MODEL, stages }, 'key_1', office.now())
    await office.store.publish(office.site, version, 'key_1', office.now())
    await passes(MINUTE)
    expect(await lead('ada')).toMatchObject({ stage: 'lead', candidateSince: expect.any(Number) as number })
    expect(await types()).toEqual(before)

    await office.happens('bob', 'page_view')
    expect((await types()).slice(before.length), 'but what happens under it is news').toEqual([
      'lead.created',
      'lead.stage_changed',
    ])
  })

  test('but if whoever publishes it asks for that, its steps are told', async () => {
    await office.happens('ada', 'page_view')
    const before = await types()
    const version = await office.store.draft(
      office.site,
      { ...MODEL, stages: { lead: { event: 'page_view' } } },
      'key_1',
      office.now(),
    )
    await office.store.publish(office.site, version, 'key_1', office.now(), true)
    await passes(MINUTE)
    expect((await types()).slice(before.length)).toEqual(['lead.created', 'lead.stage_changed'])
  })

  test('a merge undone, a mark put on', async () => {
    await office.happens('ada', signsUp('ada@example.com'), 'page_view', 'page_view')
    await office.happens('bob', signsUp('bob@example.com'))
    const into = await office.store.merge(
      office.site,
      (await lead('ada')).id,
      (await lead('bob')).id,
      'key_1',
      office.now(),
      engine,
    )
    const before = await types()
    await office.store.unmerge(office.site, into, 'bob', 'key_1', office.now(), engine)
    await office.store.remark(office.site, 'ada', 'bot', office.now(), engine)
    expect(await types()).toEqual(before)
  })

  test('anything, when nobody has asked: then nothing is written at all', async () => {
    await office.store.removeWebhook(office.site, webhook.id)
    await office.happens('ada', 'page_view', 'page_view', signsUp('ada@example.com'))
    expect(await office.deliveries(webhook)).toEqual([])
    const late = await office.subscribe('https://late.example/')
    expect(await office.deliveries(late)).toEqual([])
    await office.happens('bob', signsUp('bob@example.com'))
    expect(await office.deliveries(late)).toHaveLength(2)
    await office.store.disableWebhook(late.id, 'test', office.now())
    await office.happens('cid', signsUp('cid@example.com'))
    expect(await office.deliveries(late)).toHaveLength(2)
  })
})

describe('lead.cooled', () => {
  const cooled = async () =>
    (await told()).filter(({ type }) => type === 'lead.cooled').map(({ data }) => [data.stage, data.cooled])

  test('in the minute that ends with cools_at, once', async () => {
    await office.happens('ada', 'page_view', 'page_view', signsUp('ada@example.com'))
    const { coolsAt } = await lead('ada')
    await passes(coolsAt! - MINUTE - office.now())
    expect(await cooled()).toEqual([])
    await passes(MINUTE)
    expect(await cooled()).toEqual([['mql', { threshold: true, labels: [] }]])
    await passes(3 * HOUR)
    expect(await cooled()).toHaveLength(1)
  })

  test('when a label is put off, which takes a day under four fifths of it', async () => {
    await office.happens('ada', 'page_view', 'page_view', signsUp('ada@example.com'))
    for (let hour = 0; hour < 72; hour++) await passes(HOUR)
    expect(await cooled()).toEqual([
      ['mql', { threshold: true, labels: [] }],
      ['mql', { threshold: false, labels: ['hot'] }],
    ])
  })

  test('again only after it was warm again', async () => {
    await office.happens('ada', 'page_view', 'page_view', signsUp('ada@example.com'))
    await passes(DAY)
    expect(await cooled()).toHaveLength(1)
    await office.happens('ada', 'page_view')
    await passes(DAY)
    expect(await cooled()).toHaveLength(2)
  })

  test('though an event comes before anybody looked, unless it warms', async () => {
    await office.happens('ada', 'page_view', 'page_view', signsUp('ada@example.com'))
    await office.happens('bob', 'page_view', 'page_view', signsUp('bob@example.com'))
    office.advance(20 * HOUR)
    await office.happens('ada', 'scroll')
    await office.happens('bob', 'page_view')
    expect(await cooled()).toEqual([['mql', { threshold: true, labels: [] }]])
  })

  test('of nobody who is no lead', async () => {
    await office.happens('ada', 'page_view', 'page_view')
    for (let hour = 0; hour < 72; hour++) await passes(HOUR)
    expect((await lead('ada')).labels).toEqual([])
    expect(await types()).toEqual([])
  })
})
