import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../shared/instant.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { tell } from './tell.ts'

let collector: TestCollector
let other: number
beforeAll(async () => {
  collector = await testCollector()
  const added = await tell(collector, '/v1/sites', { name: 'Other', origins: ['https://Other.example/'] })
  expect(added).toMatchObject({ status: 201, body: { origins: ['https://other.example'], follow_up_hours: 24 } })
  other = Number(added.body['id'])
})
afterAll(() => collector.close())

const make = async (body: object, key = ADMIN_KEY) => tell(collector, '/v1/keys', body, { key })
const made = async (body: object, key = ADMIN_KEY) => (await make(body, key)).body as { id: string; key: string }
const statusWith = async (key: string, path = '/v1/leads') =>
  (await fetch(collector.url + path, { headers: { Authorization: `Bearer ${key}` } })).status

interface Shown {
  id: string
  last_used_at: string | null
  revoked_at: string | null
  site: number | null
}
const list = async (key = ADMIN_KEY) => {
  const answer = await fetch(`${collector.url}/v1/keys`, { headers: { Authorization: `Bearer ${key}` } })
  return ((await answer.json()) as { data: Shown[] }).data
}

describe('a secret key', () => {
  test('is shown once, and kept as its hash', async () => {
    const { id, key } = await made({ site: 1, scope: 'read', name: 'CRM' })
    expect(key).toMatch(/^sk_/)
    expect(await statusWith(key)).toBe(200)
    expect(JSON.stringify(await list())).not.toContain(key)
    expect((await list()).find(shown => shown.id === id)).toMatchObject({ name: 'CRM', scope: 'read', site: 1 })
  })

  test('says when it was last used, which is not written for every request', async () => {
    const { id, key } = await made({ site: 1, scope: 'read' })
    const lastUsed = async () => (await list()).find(shown => shown.id === id)?.last_used_at
    expect(await lastUsed()).toBeNull()
    await statusWith(key)
    await expect.poll(lastUsed).not.toBeNull()
    const first = await lastUsed()
    await statusWith(key)
    expect(await lastUsed()).toBe(first)
  })

  test('is good for nothing once it is revoked', async () => {
    const { id, key } = await made({ site: 1, scope: 'read' })
    expect(await tell(collector, `/v1/keys/${id}`, {}, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { id },
    })
    expect(await statusWith(key)).toBe(401)
    expect((await tell(collector, `/v1/keys/${id}/rotate`)).status).toBe(409)
  })

  test('and once it has expired', async () => {
    const expires_at = new Date(collector.now() + HOUR).toISOString()
    const { key } = await made({ site: 1, scope: 'read', expires_at })
    expect(await statusWith(key)).toBe(200)
    collector.advance(HOUR + 1)
    expect(await statusWith(key)).toBe(401)
    expect(await make({ site: 1, scope: 'read', expires_at })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/expires_at' }] },
    })
  })

  test('is rotated with some overlap', async () => {
    const old = await made({ site: 1, scope: 'read' })
    const rotated = await tell(collector, `/v1/keys/${old.id}/rotate`, { overlap_hours: 2 })
    const fresh = rotated.body as { id: string; key: string }
    expect(rotated).toMatchObject({ status: 201, body: { scope: 'read', site: 1 } })
    expect([await statusWith(old.key), await statusWith(fresh.key)]).toEqual([200, 200])
    collector.advance(2 * HOUR + 1)
    expect([await statusWith(old.key), await statusWith(fresh.key)]).toEqual([401, 200])
  })
})

describe('nobody gives more than they hold', () => {
  test('a key for one site makes, sees and ends keys for that site alone', async () => {
    const { key } = await made({ site: other, scope: 'admin' })
    const theirs = await made({ scope: 'read' }, key)
    expect((await list(key)).map(({ site }) => site)).toEqual([other, other])
    expect((await list(key)).map(({ id }) => id)).toContain(theirs.id)
    expect((await make({ site: 1, scope: 'read' }, key)).status).toBe(422)
    expect((await make({ site: null, scope: 'read' }, key)).status).toBe(422)
    const { id } = await made({ site: 1, scope: 'read' })
    expect((await tell(collector, `/v1/keys/${id}`, {}, { method: 'DELETE', key })).status).toBe(404)
    expect((await tell(collector, `/v1/keys/${id}/rotate`, {}, { key })).status).toBe(404)
    expect((await tell(collector, '/v1/sites', { name: 'Third', origins: [] }, { key })).status).toBe(403)
    expect((await tell(collector, '/v1/sites/1', { name: 'Mine' }, { method: 'PATCH', key })).status).toBe(404)
  })

  test('one that ends makes none that lasts longer', async () => {
    const end = new Date(collector.now() + DAY).toISOString()
    const { key } = await made({ site: 1, scope: 'admin', expires_at: end })
    expect((await make({ scope: 'read' }, key)).body).toMatchObject({ expires_at: end })
    const later = new Date(collector.now() + 2 * DAY).toISOString()
    expect((await make({ scope: 'read', expires_at: later }, key)).status).toBe(422)
  })

  test.each(['read', 'ingest'] as const)('one of scope %s makes none', async scope => {
    const { key } = await made({ site: 1, scope })
    expect((await make({ scope }, key)).status).toBe(403)
    expect(await statusWith(key, '/v1/keys')).toBe(403)
  })
})

test('a key of one site never reads another: not by id, former id, cursor, or by naming it', async () => {
  for (const visitor of ['ada', 'bob', 'cleo']) {
    const page = wireEvent('page_view', { url: 'https://shop.example/only-here', view: 'v', seq: 0 })
    await collector.send({ visitor, events: [page] })
  }
  const { data, paging } = await collector.ask<{ data: { id: string }[]; paging: { next: { after: string } } }>(
    '/v1/leads?site=1&limit=1',
  )
  const [first] = data
  const all = await collector.ask<{ data: { id: string }[] }>('/v1/leads?site=1')
  const second = all.data.find(({ id }) => id !== first?.id)
  await tell(collector, `/v1/leads/${first?.id}/merge?site=1`, { id: second?.id })
  const { key } = await made({ site: other, scope: 'admin' })
  for (const id of [first?.id, second?.id]) {
    for (const rest of ['', '/timeline', '/transitions', '/score'])
      expect(await statusWith(key, `/v1/leads/${id}${rest}`)).toBe(404)
    expect((await tell(collector, `/v1/leads/${id}/stage`, { to: 'sql' }, { key })).status).toBe(404)
  }
  const read = async (path: string) => {
    const answer = await fetch(collector.url + path, { headers: { Authorization: `Bearer ${key}` } })
    return (await answer.json()) as { data: unknown[]; count?: number }
  }
  expect((await read(`/v1/leads?after=${paging.next.after}`)).data).toEqual([])
  expect((await read('/v1/leads?page=/only-here')).data).toEqual([])
  expect((await read(`/v1/leads?q=${first?.id}`)).data).toEqual([])
  expect((await read('/v1/reports/content')).data).toEqual([])
  expect(await statusWith(key, '/v1/leads?site=1')).toBe(404)
  expect((await read('/v1/sites')).data).toMatchObject([{ id: other }])
})

test('origins can be changed, and count from then on', async () => {
  const send = async (origin: string) => {
    await collector.send({ visitor: origin, events: [wireEvent('page_view')] }, { Origin: origin })
    const { data } = await collector.ask<{ data: { visits: number }[] }>('/v1/leads?site=1&limit=500')
    return data.filter(({ visits }) => visits > 0).length
  }
  const before = await send('https://new.example')
  const changed = await tell(
    collector,
    '/v1/sites/1',
    { origins: ['https://new.example'], follow_up_hours: 48 },
    { method: 'PATCH' },
  )
  expect(changed).toMatchObject({ status: 200, body: { origins: ['https://new.example'], follow_up_hours: 48 } })
  collector.advance(2_000)
  expect(await send('https://new.example')).toBe(before + 1)
  const wrong = await tell(collector, '/v1/sites/1', { origins: ['ftp://x', 'https://a.b/c'] }, { method: 'PATCH' })
  expect(wrong).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/origins/0' }, { pointer: '/origins/1' }] },
  })
})
