import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shop } from '../../collector/scoring/starters/shop.ts'
import { DAY } from '../../shared/instant.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { tell } from './tell.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
  const headers = { Authorization: `Bearer ${ADMIN_KEY}` }
  for (let i = 0; i < 80; i++) {
    const won = i % 4 === 0
    const age = (90 - i) * DAY
    const events = [
      wireEvent('page_view', { url: 'https://shop.example/' }, age),
      ...(won || i % 7 === 0 ? [wireEvent('add_to_cart', { properties: { item_id: 'A1' } }, age - 1_000)] : []),
      ...(won ? [wireEvent('purchase', {}, age - 60_000)] : []),
    ]
    expect((await collector.send({ visitor: `v${i}`, events }, headers)).status).toBe(202)
  }
})
afterAll(() => collector.close())

describe('POST /v1/models/:version/backtest', () => {
  test('says how a version would have done, for every threshold', async () => {
    const { status, body } = await tell(collector, '/v1/models/1/backtest', { per_week: 2 })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      model: 1,
      live: 1,
      score: 'total',
      people: { won: 20, lost: 60, open: 0, objected: 0, open_as_lost: true },
      base_rate: 0.25,
      capacity: { per_week: 2 },
      best: { beta: 1 },
      mql: { enter: { won: 0, lost: 0, open: 0, leads: [] }, leave: { leads: [] } },
    })
    const { thresholds, histogram } = body as { thresholds: Record<string, number>[]; histogram: { bins: object[] } }
    expect(thresholds).toHaveLength(histogram.bins.length)
    expect(thresholds[0]).toMatchObject({ flagged: 80, true_positives: 20, recall: { rate: 1 }, lift: 1 })
    expect(body['auc']).toBeGreaterThan(0.9)
    expect(body['period']).toMatchObject({ from: expect.stringMatching(/Z$/) as string })
  })

  test('tells line by line how far it is, if asked', async () => {
    const answer = await fetch(`${collector.url}/v1/models/1/backtest`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, Accept: 'application/x-ndjson' },
    })
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toEqual({ done: 80, total: 80 })
    expect(lines.at(-1)).toMatchObject({ result: { model: 1 } })
  })

  test('is for any key that may read, and refuses what it does not know', async () => {
    const key = collector.firstKey ?? ''
    expect((await tell(collector, '/v1/models/1/backtest', {}, { key })).status).toBe(200)
    expect((await tell(collector, '/v1/models/9/backtest')).status).toBe(404)
    const wrong = await tell(collector, '/v1/models/1/backtest', { beta: 0, thresholds: [], won_events: 'x' })
    expect(wrong.status).toBe(422)
    expect((wrong.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
      '/beta',
      '/thresholds',
      '/won_events',
    ])
  })

  test('sees by other events who was won', async () => {
    const { body } = await tell(collector, '/v1/models/1/backtest', { won_events: ['add_to_cart'] })
    expect(body['people']).toMatchObject({ won: 29, lost: 51 })
    expect(body['warnings']).toMatchObject([{ kind: 'outcome_event', rule: 'cart' }])
  })
})

describe('POST /v1/models/suggest', () => {
  test('suggests, takes over what is accepted, and keeps a draft', async () => {
    const asked = { train_share: 0.6, accept: ['cart'], draft: true }
    const { status, body } = await tell(collector, '/v1/models/suggest', asked)
    expect(status).toBe(200)
    const rules = body['rules'] as { rule: string; points: number | null; refused: string | null }[]
    const cart = rules.find(({ rule }) => rule === 'cart')
    expect(rules.map(({ rule }) => rule)).toEqual(shop.rules.map(({ id }) => id))
    expect(cart).toMatchObject({ points: null, refused: expect.stringMatching(/people, and 30 are needed/) as string })
    const draft = await collector.ask<{ status: string; document: object }>(`/v1/models/${String(body['draft'])}`)
    expect(draft).toMatchObject({ status: 'draft', document: body['document'] })
  })

  test('is for keys with scope admin', async () => {
    expect((await tell(collector, '/v1/models/suggest', {}, { key: collector.firstKey ?? '' })).status).toBe(403)
  })
})

test('GET /v1/reports/rules says which rules are commoner among the won', async () => {
  const report = await collector.ask<{ rules: { rule: string; over_represented: string | null }[]; drift: object[] }>(
    '/v1/reports/rules?tz=Europe/Oslo',
  )
  expect(report).toMatchObject({ model: 1, tz: 'Europe/Oslo', people: { won: 20, lost: 0, open: 60 } })
  expect(report.rules.find(({ rule }) => rule === 'cart')).toMatchObject({
    over_represented: 'won',
    dead: false,
    won: { rate: 1, of: 20 },
  })
  expect(report.rules.find(({ rule }) => rule === 'quote' || rule === 'careers')).toMatchObject({ dead: true })
  expect(report.drift.length).toBeGreaterThanOrEqual(2)
})
