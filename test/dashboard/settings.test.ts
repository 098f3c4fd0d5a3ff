import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { csrfOf, signIn, type Answer, type Visitor } from './browserless.ts'

// What the settings change is what the API shows, and a secret is seen once.

let collector: TestCollector
let someone: Visitor
beforeAll(async () => {
  collector = await testCollector({ '--webhook-allow': '127.0.0.1' })
  someone = await signIn(collector)
})
afterAll(() => collector.close())

async function send(page: string, path: string, fields: Record<string, string> = {}): Promise<Answer> {
  return someone.post(path, { csrf: csrfOf((await someone.get(page)).text), ...fields })
}
const secretIn = ({ text }: Answer): string | undefined => /<code id="secret">([^<]+)/.exec(text)?.[1]
const withKey = async (secret: string) =>
  (await fetch(`${collector.url}/v1/leads`, { headers: { Authorization: `Bearer ${secret}` } })).status

test('the site is renamed, and its pages are taken as people write them', async () => {
  const origins = 'shop.example/lamps?x=1\nhttps://WWW.shop.example\nshop.example'
  const { location } = await send('/settings', '/settings/site', { name: ' Lamps ', origins })
  expect(location).toBe('/settings')
  const [site] = (await collector.ask<{ data: object[] }>('/v1/sites')).data
  expect(site).toMatchObject({ name: 'Lamps', origins: ['https://shop.example', 'https://www.shop.example'] })
})

test.each([
  [{ name: '', origins: 'https://shop.example' }, '/name'],
  [{ name: 'x'.repeat(101), origins: '' }, '/name'],
  [{ name: 'Lamps', origins: 'ftp://shop.example' }, '/origins'],
  [{ name: 'Lamps', origins: 'javascript:alert(1)' }, '/origins'],
])('%o is refused, with the place: %s', async (fields, pointer) => {
  const { status, text } = await send('/settings', '/settings/site', fields)
  expect(status).toBe(422)
  expect(text).toContain(pointer)
})

describe('a key', () => {
  const ids = async () => (await collector.ask<{ data: { id: string; name: string }[] }>('/v1/keys')).data
  const idOf = async (name: string) => (await ids()).find(key => key.name === name)!.id

  test('is shown once, works, and is good for nothing once it is revoked', async () => {
    const made = await send('/settings/keys', '/settings/keys', { name: 'Report', scope: 'read' })
    const secret = secretIn(made)!
    expect(secret).toMatch(/^sk_/)
    expect(await withKey(secret)).toBe(200)
    expect((await someone.get('/settings/keys')).text).not.toContain(secret)
    expect((await send('/settings/keys', `/settings/keys/${await idOf('Report')}/revoke`)).location).toBe(
      '/settings/keys',
    )
    expect(await withKey(secret)).toBe(401)
  })

  test('is given a new secret, and the old one is good for a day', async () => {
    const old = secretIn(await send('/settings/keys', '/settings/keys', { name: 'Sync', scope: 'admin' }))!
    const fresh = secretIn(await send('/settings/keys', `/settings/keys/${await idOf('Sync')}/rotate`))!
    expect(fresh).not.toBe(old)
    expect([await withKey(old), await withKey(fresh)]).toEqual([200, 200])
    collector.advance(25 * 3_600_000)
    expect([await withKey(old), await withKey(fresh)]).toEqual([401, 200])
  })

  test('cannot end in the past, nor be of no scope', async () => {
    expect((await send('/settings/keys', '/settings/keys', { scope: 'read', expires: '2020-01-01' })).status).toBe(422)
    expect((await send('/settings/keys', '/settings/keys', { scope: 'root' })).status).toBe(422)
    expect((await send('/settings/keys', '/settings/keys/key_none/revoke')).status).toBe(404)
  })
})

test('a webhook is added, tested, disabled, enabled, given a new secret and removed', async () => {
  const path = '/settings/webhooks'
  const url = `http://127.0.0.1:${new URL(collector.url).port}/nobody`
  const added = await send(path, path, { kind: 'webhook', url, 'lead.mql': 'on', description: 'CRM' })
  const secret = secretIn(added)!
  expect(secret).toMatch(/^whsec_/)
  const hooks = async () =>
    (await collector.ask<{ data: { id: string; events: string[]; enabled: boolean }[] }>('/v1/webhooks')).data
  const [hook] = await hooks()
  expect(hook).toMatchObject({ url, events: ['lead.mql'], description: 'CRM', enabled: true })
  const own = `${path}/${hook!.id}`
  expect((await someone.get(own)).text).not.toContain(secret)
  expect((await send(own, `${own}/test`)).text).toContain('HTTP 404')
  await send(own, `${own}/disable`)
  expect((await hooks())[0]!.enabled).toBe(false)
  expect((await send(own, `${own}/replay`)).status).toBe(409)
  await send(own, `${own}/enable`)
  expect((await hooks())[0]!.enabled).toBe(true)
  expect(secretIn(await send(own, `${own}/rotate`))).toMatch(/^whsec_/)
  await send(own, `${own}/remove`)
  expect(await hooks()).toEqual([])
})

test.each(['http://10.0.0.1/', 'https://192.168.1.1/', 'file:///etc/passwd'])('nobody is told at %s', async url => {
  const { status } = await send('/settings/webhooks', '/settings/webhooks', { kind: 'webhook', url, 'lead.mql': 'on' })
  expect(status).toBe(422)
})

test('how long events are kept is of the site: what nobody adds to is gone after that, and an empty field is as the collector is set', async () => {
  const path = '/settings/privacy'
  const kept = async () => (await collector.ask<{ data: { retention_days: number | null }[] }>('/v1/sites')).data[0]!
  expect((await someone.get(path)).text).toContain('everything is kept')
  expect((await send(path, `${path}/retention`, { days: '90', confirm: 'yes' })).location).toBe(path)
  expect(await kept()).toMatchObject({ retention_days: 90 })
  expect((await someone.get(path)).text).toMatch(/90 days[^]*checked/)
  for (const days of ['29', '-1', '3651', '30.5', 'x'])
    expect((await send(path, `${path}/retention`, { days })).text).toContain('must be 0')
  await send(path, `${path}/retention`, { days: '' })
  expect(await kept()).toMatchObject({ retention_days: null })
})

test('what is in quarantine is shown as text, page by page, and read again', async () => {
  const path = '/settings/quarantine'
  expect((await someone.get(path)).text).toContain('Nothing is in quarantine.')
  const broken = (n: number) => ({ ...wireEvent('page_view'), id: `<script>${n}</script>` })
  await collector.send({ events: Array.from({ length: 60 }, (_, n) => broken(n)) })
  const { text } = await someone.get(path)
  expect(text).toContain('60 × ')
  expect(text.match(/&lt;script&gt;\d+/g)).toHaveLength(50)
  expect(text).not.toMatch(/<script>\d/)
  const older = /href="([^"]+)" rel="next"/.exec(text)![1]!.replaceAll('&amp;', '&')
  expect((await someone.get(older)).text.match(/&lt;script&gt;\d+/g)).toHaveLength(10)
  expect((await send(path, `${path}/again`)).location).toBe(path)
  expect((await someone.get(path)).text).toContain('60 × ')
})

test('what comes in is told at once, in words, to whoever is signed in', async () => {
  expect((await fetch(`${collector.url}/settings/live/events`, { redirect: 'manual' })).status).toBe(302)
  const { body } = await fetch(`${collector.url}/settings/live/events`, {
    headers: { Cookie: Array.from(someone.cookies, pair => pair.join('=')).join('; ') },
  })
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  await reader.read()
  await collector.send({ events: [wireEvent('page_view', { title: '<b>Lamps</b>', at: collector.now() })] })
  const { value } = await reader.read()
  expect(value).toMatch(/^event: event\ndata: /)
  expect(JSON.parse(value!.slice(value!.indexOf('{')))).toMatchObject({
    what: 'Viewed',
    about: '<b>Lamps</b>',
    mark: null,
    lead: expect.stringMatching(/^\/leads\//),
  })
  await reader.cancel()
  expect((await someone.get('/settings/live')).text).toContain('&lt;b&gt;Lamps&lt;/b&gt;')
})

test('health says whether events can be kept, and which version this is', async () => {
  const { text } = await someone.get('/settings/health')
  expect(text).toContain('Events can be kept.')
  expect(text).toMatch(/<dd>\s*\d+\.\d+\.\d+/)
})

test('no form is taken without the token of the session', async () => {
  for (const path of [
    'site',
    'sites',
    'keys',
    'webhooks',
    'keys/key_x/revoke',
    'privacy/retention',
    'quarantine/again',
  ])
    expect((await someone.post(`/settings/${path}`, { name: 'x', scope: 'read' })).status, path).toBe(403)
})
