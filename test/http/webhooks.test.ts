import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { shop } from '../../collector/scoring/starters/shop.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { receiver, verified, type Receiver } from '../outbox/receiver.ts'
import { tell } from './tell.ts'

let collector: TestCollector
let crm: Receiver
beforeAll(async () => {
  collector = await testCollector({ '--webhook-allow': '127.0.0.0/8' })
  const stages = {
    lead: { known: 'email' },
    mql: { all: [{ known: 'email' }, { event: 'file_download' }] },
    fastTrack: { event: 'request_quote' },
  }
  const { body } = await tell(collector, '/v1/models', { ...shop, stages })
  await tell(collector, `/v1/models/${Number(body['version'])}/publish`)
})
afterAll(() => collector.close())
beforeEach(async () => void (crm = await receiver()))
afterEach(async () => {
  for (const { id } of await saved()) await fetchWebhook('DELETE', `/${id}`)
  await crm.close()
})

const saved = async () => (await collector.ask<{ data: { id: string }[] }>('/v1/webhooks')).data
const fetchWebhook = (method: string, path = '', body?: unknown) =>
  fetch(`${collector.url}/v1/webhooks${path}`, {
    method,
    headers: { Authorization: 'Bearer sk_test_0123456789abcdefghij' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
const add = async (webhook: object = {}) => {
  const { status, body } = await tell(collector, '/v1/webhooks', { url: crm.url, ...webhook })
  expect(status, JSON.stringify(body)).toBe(201)
  return body as { id: string; secret: string }
}
const signUp = (visitor: string, email: string) =>
  collector.send({ visitor, events: [wireEvent('identify', { properties: { traits: { email } } })] })

describe('what is told', () => {
  test('a new lead, an MQL and a candidate, each once, as the API gives it, signed', async () => {
    const { secret } = await add()
    await signUp('ada', 'ada@example.com')
    await crm.arrived(2)
    await collector.send({ visitor: 'ada', events: [wireEvent('file_download')] })
    await crm.arrived(4)
    await collector.send({ visitor: 'ada', events: [wireEvent('request_quote')] })
    const all = (await crm.arrived(5)).map(delivery => verified(delivery, secret))
    expect(all.map(({ type }) => type).toSorted()).toEqual([
      'lead.created',
      'lead.mql',
      'lead.sql_candidate',
      'lead.stage_changed',
      'lead.stage_changed',
    ])
    expect(new Set(crm.received.map(({ id }) => id)).size).toBe(5)
    const { data } = await collector.ask<{ data: { id: string }[] }>('/v1/leads?q=ada@example.com')
    expect(all.find(({ type }) => type === 'lead.sql_candidate')?.data).toEqual(data[0])
    expect(all.find(({ type }) => type === 'lead.mql')?.data).toMatchObject({
      id: data[0]?.id,
      stage: 'mql',
      transition: { from: 'lead', to: 'mql', cause: 'event', actor: 'engine' },
    })
  })
})
