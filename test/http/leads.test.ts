import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
  const page = { url: 'https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=may', view: 'v1', seq: 0 }
  await collector.send({
    visitor: 'ada',
    events: [
      wireEvent('page_view', page, 9_000),
      wireEvent('add_to_cart', { properties: { item_id: 'A1' } }, 8_000),
      wireEvent('file_download', { properties: { file_extension: 'pdf' } }, 7_000),
      wireEvent(
        'form_submit',
        { properties: { form_kind: 'newsletter', traits: { email: 'ada@example.com', company: 'Acme' } } },
        6_000,
      ),
      wireEvent('add_to_wishlist', { properties: { item_id: 'A2' } }, 5_000),
    ],
  })
  await collector.send({ visitor: 'bob', events: [wireEvent('page_view')] })
})
afterAll(() => collector.close())

interface Lead {
  id: string
  stage: string
  score: number
  top_reasons: { rule: string; points: number }[]
}
interface List {
  data: Lead[]
  paging: { next?: { after: string } }
}

const statusOf = async (path: string, headers: Record<string, string> = {}) =>
  (await fetch(collector.url + path, { headers })).status

describe('GET /v1/leads', () => {
  test('gives an MQL with the reasons for it', async () => {
    const { data } = await collector.ask<List>('/v1/leads?stage=mql')
    expect(data).toMatchObject([
      {
        stage: 'mql',
        email: 'ada@example.com',
        company: 'Acme',
        visits: 1,
        first_touch: { source: 'news', medium: 'email', campaign: 'may', landing_page: '/' },
        traits: { company: 'Acme' },
      },
    ])
    expect(data[0]?.top_reasons[0]).toMatchObject({ rule: 'cart' })
  })

  test('pages through everybody', async () => {
    const first = await collector.ask<List>('/v1/leads?limit=1')
    const second = await collector.ask<List>(`/v1/leads?limit=1&after=${first.paging.next?.after}`)
    expect([first.data[0]?.stage, second.data[0]?.stage, second.paging]).toEqual(['mql', 'visitor', {}])
  })

  test('goes on only in the order in which it began', async () => {
    const { paging } = await collector.ask<List>('/v1/leads?limit=1&sort=-last_seen')
    for (const [sort, status] of [
      ['-last_seen', 200],
      ['last_seen', 400],
      ['-score', 400],
    ] as const) {
      const answer = await fetch(`${collector.url}/v1/leads?sort=${sort}&after=${paging.next?.after}`, {
        headers: { Authorization: `Bearer ${ADMIN_KEY}` },
      })
      expect([sort, answer.status]).toEqual([sort, status])
      if (status === 400) expect(await answer.text()).toContain('in the same order')
    }
  })

  test('lists everything that is wrong with a question', async () => {
    const answer = await fetch(`${collector.url}/v1/leads?stge=mql&limit=0&stage=vip&after=x`, {
      headers: { Authorization: `Bearer ${ADMIN_KEY}` },
    })
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual([
      '/stge',
      '/limit',
      '/stage',
      '/after',
    ])
  })
})

describe('GET /v1/leads/:id', () => {
  test('explains the score to the last decimal', async () => {
    const { data } = await collector.ask<List>('/v1/leads?stage=mql')
    const why = await collector.ask<{
      score: number
      residual: number
      rules: { rule: string; points: number; events: { id: string; points: number }[] }[]
      clamps: { points: number }[]
    }>(`/v1/leads/${data[0]?.id}/score`)
    const sum = (parts: { points: number }[]) => parts.reduce((total, part) => total + part.points, 0)
    expect(Math.abs(why.residual)).toBeLessThan(1e-9)
    expect(sum(why.rules) + sum(why.clamps)).toBeCloseTo(why.score, 9)
    for (const rule of why.rules.filter(({ events }) => events.length > 0))
      expect(sum(rule.events)).toBeCloseTo(rule.points, 9)
  })

  test('has a timeline, newest first, and transitions, oldest first', async () => {
    const { data } = await collector.ask<List>('/v1/leads?stage=mql')
    const timeline = await collector.ask<{ data: { type: string }[] }>(`/v1/leads/${data[0]?.id}/timeline`)
    expect(timeline.data.map(event => event.type)).toEqual([
      'add_to_wishlist',
      'sign_up',
      'file_download',
      'add_to_cart',
      'page_view',
    ])
    const transitions = await collector.ask<{ data: { to: string; event: string }[] }>(
      `/v1/leads/${data[0]?.id}/transitions`,
    )
    expect(transitions.data.at(-1)).toMatchObject({ to: 'mql', cause: 'event', actor: 'engine' })
  })

  test('is not found under an id of nobody', async () => {
    expect(await statusOf('/v1/leads/nobody', { Authorization: `Bearer ${ADMIN_KEY}` })).toBe(404)
  })
})

describe('who may ask', () => {
  test('no one without a secret key, and a write key is none', async () => {
    expect(await statusOf('/v1/leads')).toBe(401)
    expect(await statusOf('/v1/leads', { Authorization: 'Bearer sk_wrong' })).toBe(401)
    expect(await statusOf('/v1/leads', { Authorization: `Bearer ${collector.site.writeKey}` })).toBe(401)
    expect(await statusOf('/v1/leads', { Authorization: `Bearer ${collector.firstKey}` })).toBe(200)
  })
})

test('what the collector serves to anyone', async () => {
  expect(await statusOf('/healthz')).toBe(200)
  expect(await statusOf('/nothing')).toBe(404)
  expect(await statusOf('/leadlight.js')).toBe(200)
})

test.each([
  ['PUT', '/v1/leads', 'GET, HEAD'],
  ['POST', '/v1/leads/ada', 'GET, HEAD, DELETE'],
  ['GET', '/e', 'POST, OPTIONS'],
])('%s %s is answered by the methods that it takes', async (method, path, methods) => {
  const answer = await fetch(collector.url + path, { method, headers: { Authorization: `Bearer ${ADMIN_KEY}` } })
  expect([answer.status, answer.headers.get('Allow')]).toEqual([405, methods])
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
})
