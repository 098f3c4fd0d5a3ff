import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { shop } from '../../collector/scoring/starters/shop.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
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
  for (const { id } of await saved()) expect((await request('DELETE', `/${id}`)).status).toBe(204)
  expect(collector.faults.splice(0)).toEqual([])
  await crm.close()
})

interface Saved {
  id: string
  secret: string
  url: string
  kind: string
  events: string[]
  enabled: boolean
}
interface Sent {
  id: string
  type: string
  state: string
  next_at: string | null
  attempts: { status: number | null; error: string | null }[]
  body: { data: { email: string } }
}

const saved = async () => (await collector.ask<{ data: Saved[] }>('/v1/webhooks')).data
const request = (method: string, path: string) =>
  fetch(`${collector.url}/v1/webhooks${path}`, { method, headers: { Authorization: `Bearer ${ADMIN_KEY}` } })
const post = (path: string, body: unknown = {}, method = 'POST') =>
  tell(collector, `/v1/webhooks${path}`, body, { method })
const add = async (facts: object = {}): Promise<Saved> => {
  const { status, body } = await post('', { url: crm.url, ...facts })
  expect(status, JSON.stringify(body)).toBe(201)
  return body as unknown as Saved
}
const signUp = (name: string) =>
  collector.send({
    visitor: name,
    events: [wireEvent('identify', { properties: { traits: { email: `${name}@example.com` } } })],
  })
const deliveries = async (id: string, query = '') =>
  collector.ask<{ data: Sent[]; paging: { next?: { after: string } } }>(`/v1/webhooks/${id}/deliveries${query}`)
/** Of one message each, in a state. */
const inState = (id: string, state: string, count: number) =>
  expect.poll(async () => (await deliveries(id, `?state=${state}`)).data.length).toBe(count)

describe('what is told', () => {
  test('a new lead, an MQL and a candidate, each once, as the API gives it, signed', async () => {
    const { secret } = await add()
    await signUp('ada')
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

describe('/v1/webhooks', () => {
  test('shows the secret once, and what is asked for by default', async () => {
    const webhook = await add()
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(webhook).toMatchObject({ kind: 'webhook', url: crm.url, enabled: true })
    expect(webhook.events).toContain('lead.stage_changed')
    expect((await add({ kind: 'slack' })).events).toEqual(['lead.mql', 'lead.sql_candidate'])
    expect(await saved()).toHaveLength(2)
    expect(await (await request('GET', `/${webhook.id}`)).text()).not.toContain('whsec_')
  })

  test.each([
    [{}, '/url'],
    [{ url: 'crm.example' }, '/url'],
    [{ url: 'https://10.0.0.1/' }, '/url'],
    [{ url: 'https://93.184.216.34/', kind: 'fax' }, '/kind'],
    [{ url: 'https://93.184.216.34/', events: [] }, '/events'],
    [{ url: 'https://93.184.216.34/', events: ['lead.deleted'] }, '/events/0'],
    [{ url: 'https://93.184.216.34/', secret: 'mine' }, '/secret'],
  ])('%j is refused at %s', async (webhook, pointer) => {
    expect(await post('', webhook)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
  })

  test('needs a key with scope admin', async () => {
    const { id } = await add()
    for (const path of ['', `/${id}`, `/${id}/deliveries`]) {
      const headers = { Authorization: `Bearer ${collector.firstKey}` }
      expect((await fetch(`${collector.url}/v1/webhooks${path}`, { headers })).status).toBe(403)
    }
  })

  test('is not there: 404, everywhere', async () => {
    for (const [method, path] of [
      ['GET', '/wh_x'],
      ['DELETE', '/wh_x'],
      ['GET', '/wh_x/deliveries'],
    ] as const)
      expect((await request(method, path)).status).toBe(404)
    for (const path of ['/wh_x/test', '/wh_x/rotate', '/wh_x/replay']) expect((await post(path)).status).toBe(404)
    expect((await post('/wh_x', { enabled: false }, 'PATCH')).status).toBe(404)
    const { id } = await add()
    expect((await post(`/${id}/replay`, { id: 'msg_x' })).status).toBe(404)
  })

  test('holds 20 of a site', async () => {
    for (let i = 0; i < 20; i++) await add()
    expect(await post('', { url: crm.url })).toMatchObject({ status: 409 })
  })

  test('is changed, disabled and enabled; disabled, it is told nothing', async () => {
    const { id } = await add({ events: ['lead.created'] })
    expect((await post(`/${id}`, {}, 'PATCH')).status).toBe(200)
    expect(await post(`/${id}`, { url: 'https://10.0.0.1/' }, 'PATCH')).toMatchObject({ status: 422 })
    const off = await post(`/${id}`, { enabled: false, description: 'CRM' }, 'PATCH')
    expect(off.body).toMatchObject({ enabled: false, disabled_reason: 'by hand', description: 'CRM' })
    await signUp('bob')
    expect((await post(`/${id}/replay`)).status).toBe(409)
    const on = await post(`/${id}`, { enabled: true, events: ['lead.created', 'lead.created'] }, 'PATCH')
    expect(on.body).toMatchObject({ enabled: true, disabled_at: null, events: ['lead.created'] })
    await signUp('cid')
    await crm.arrived(1)
    expect((await deliveries(id)).data.map(({ body }) => body.data.email)).toEqual(['cid@example.com'])
  })
})

describe('deliveries', () => {
  test('are listed with every attempt, page by page, by state', async () => {
    const { id } = await add({ events: ['lead.created'] })
    await signUp('dan')
    await signUp('eve')
    await inState(id, 'delivered', 2)
    crm.answer(500)
    await signUp('fay')
    await expect.poll(async () => (await deliveries(id)).data[0]?.attempts.length).toBe(1)
    const { data, paging } = await deliveries(id, '?limit=2')
    expect(data.map(({ state, body }) => [state, body.data.email])).toEqual([
      ['waiting', 'fay@example.com'],
      ['delivered', 'eve@example.com'],
    ])
    expect(data[0]?.attempts).toMatchObject([{ status: 500, error: 'answered 500' }])
    expect(Date.parse(data[0]?.next_at ?? '')).toBeGreaterThan(collector.now())
    const rest = await deliveries(id, `?limit=2&after=${paging.next?.after}`)
    expect([rest.data.length, rest.paging]).toEqual([1, {}])
    expect((await request('GET', `/${id}/deliveries?state=lost`)).status).toBe(400)
  })

  test('go out again when they are due, by themselves', async () => {
    const { id } = await add({ events: ['lead.created'] })
    crm.answer(500)
    await signUp('gus')
    await expect.poll(async () => (await deliveries(id)).data[0]?.attempts.length).toBe(1)
    crm.answer(204)
    collector.advance(6_000)
    await inState(id, 'delivered', 1)
    expect(new Set(crm.received.map(received => received.id)).size).toBe(1)
    const metrics = await (await fetch(`${collector.url}/metrics`)).text()
    expect(metrics).toMatch(/leadlight_webhook_attempts_total\{result="delivered"\} [1-9]/)
    expect(metrics).toMatch(/leadlight_webhook_attempts_total\{result="failed"\} [1-9]/)
  })

  test('that were given up are replayed, under the ids that they had', async () => {
    const { id } = await add({ events: ['lead.created'] })
    crm.answer(410)
    await signUp('hal')
    await inState(id, 'dead', 1)
    await expect.poll(async () => (await saved())[0]?.enabled).toBe(false)
    expect(collector.faults.splice(0)).toEqual([expect.stringContaining('answered 410')])
    await post(`/${id}`, { enabled: true }, 'PATCH')
    crm.answer(204)
    expect(await post(`/${id}/replay`)).toMatchObject({ status: 202, body: { replayed: 1 } })
    await inState(id, 'delivered', 1)
    const [first, second] = crm.received
    expect(second?.id).toBe(first?.id)
    expect(await post(`/${id}/replay`, { id: first?.id })).toMatchObject({ status: 202, body: { replayed: 1 } })
    expect((await crm.arrived(3))[2]?.id).toBe(first?.id)
    await inState(id, 'delivered', 1)
  })
})

test('a test says what the receiver answered', async () => {
  const { id, secret } = await add()
  expect((await post(`/${id}/test`)).body).toMatchObject({ delivered: true, status: 204, error: null })
  expect(verified(crm.received[0]!, secret).type).toBe('webhook.test')
  crm.answer(302)
  expect((await post(`/${id}/test`)).body).toMatchObject({
    delivered: false,
    status: 302,
    error: 'answered 302: redirects are not followed',
  })
})

test('a secret is changed: both sign for as long as was asked for', async () => {
  const { id, secret } = await add()
  const { body } = await post(`/${id}/rotate`, { overlap_hours: 1 })
  await post(`/${id}/test`)
  for (const known of [secret, String(body['secret'])]) verified(crm.received[0]!, known)
  expect(Date.parse(String(body['previous_secret_until']))).toBeGreaterThan(collector.now() + 3_500_000)
  const again = (await post(`/${id}/rotate`, { overlap_hours: 0 })).body
  await post(`/${id}/test`)
  verified(crm.received[1]!, String(again['secret']))
  expect(() => verified(crm.received[1]!, String(body['secret']))).toThrow()
})
