import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import en from '../../collector/dashboard/words/en.json' with { type: 'json' }
import { OBSTACLES, type Obstacle } from '../../shared/sighting.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { csrfOf, signIn, type Visitor } from './browserless.ts'

// Every way to get it wrong shows its reason where the site is set up.

let collector: TestCollector
let someone: Visitor
beforeAll(async () => {
  collector = await testCollector({ '--visitor-rate': '3' })
  someone = await signIn(collector)
})
afterAll(() => collector.close())

const SHOP = 'https://shop.example'
const text = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')

/** What set-up says of one obstacle; nothing when it is not there. */
async function told(obstacle: Obstacle): Promise<string> {
  const { text: page } = await someone.get('/setup/verify')
  const items = page.split('<ul class="obstacles">')[1]?.split('</ul>')[0]?.split('<li>') ?? []
  return items.map(text).find(item => item.trim().startsWith(en[`obstacle.${obstacle}`])) ?? ''
}

const BIG = 'x'.repeat(40_000)

/** Gets it wrong; answers what the page says besides the obstacle's own words. */
const WRONG: Partial<Record<Obstacle, () => Promise<string>>> = {
  async wrong_key() {
    await collector.send({ key: 'wk_wrong', events: [wireEvent('page_view')] })
    return 'is no write key of this collector'
  },
  async unknown_site() {
    await collector.send({ key: undefined, events: [wireEvent('page_view')] })
    return 'The batch names no write key.'
  },
  async origin() {
    await collector.send({ visitor: 'foreign', events: [wireEvent('page_view')] }, { Origin: SHOP })
    return SHOP
  },
  async bot() {
    await collector.send({ visitor: 'bot', events: [wireEvent('page_view')] }, { 'User-Agent': 'Googlebot/2.1' })
    return 'Googlebot/2.1'
  },
  async consent() {
    await collector.send({ visitor: 'shy', consent: 'denied', events: [wireEvent('page_view')] })
    return 'consent_denied'
  },
  async duplicate() {
    const event = wireEvent('page_view')
    await collector.send({ visitor: 'twice', events: [event] })
    await collector.send({ visitor: 'twice', events: [event] })
    return 'The id of the event was known already.'
  },
  async too_large() {
    await collector.send({ visitor: 'long', events: [wireEvent('page_view', { properties: { long: BIG } })] })
    return 'event_too_large'
  },
  async schema() {
    await collector.send({ visitor: 'odd', events: [{ ...wireEvent('page_view'), type: '' }] })
    return 'type: must be a text of 1 to 100 characters'
  },
  async clock() {
    const sentAt = collector.now() - 3 * 3_600_000
    await collector.send({ visitor: 'late', sent_at: sentAt, events: [wireEvent('page_view', {}, 3 * 3_600_000)] })
    return '180 minutes slow'
  },
  async rate() {
    for (let sent = 0; sent < 40; sent++) await collector.send({ visitor: 'eager', events: [wireEvent('page_view')] })
    return 'more than 3 events a minute'
  },
  async policy() {
    await fetch(`${collector.url}/leadlight.js`, { headers: { Referer: 'https://strict.example/' } })
    expect(await told('policy')).toBe('')
    collector.advance(10_000)
    return 'https://strict.example fetched the script'
  },
  async blocked() {
    await someone.post('/setup/site', { ...(await form('/setup')), name: 'Shop', origins: 'shop.example/lamps' })
    const { status, location } = await someone.get(`/setup/open?url=${SHOP}`)
    expect([status, location]).toEqual([302, `${SHOP}/?leadlight_debug`])
    expect(await told('blocked')).toBe('')
    collector.advance(10_000)
    return 'did not fetch the script'
  },
}

const form = async (page: string) => ({ csrf: csrfOf((await someone.get(page)).text) })

describe('the set-up says', () => {
  test.each(OBSTACLES.filter(obstacle => obstacle !== 'trouble'))('%s', async obstacle => {
    expect(await told(obstacle)).toBe('')
    const reason = await WRONG[obstacle]!()
    const said = await told(obstacle)
    expect(said).toContain(reason)
    const words = en[`obstacle.${obstacle}.text`]
      .replaceAll('{key}', collector.site.writeKey)
      .replaceAll('{collector}', collector.url)
    expect(said).toContain(words)
  })
})

test('a page that sends after all is told of no longer', async () => {
  await collector.send({ visitor: 'strict', events: [wireEvent('page_view')] }, { Origin: 'https://strict.example' })
  expect(await told('policy')).toBe('')
})

test('a page that names itself to nobody, and fetches the script, is not told to be blocked', async () => {
  await someone.get(`/setup/open?url=${SHOP}`)
  await fetch(`${collector.url}/leadlight.js`)
  collector.advance(10_000)
  expect(await told('blocked')).toBe('')
  expect(await told('policy')).toContain('the script was fetched')
})

test('a foreign page is allowed by a button, and counts from then on', async () => {
  const origin = 'https://www.shop.example'
  await collector.send({ visitor: 'www', events: [wireEvent('page_view')] }, { Origin: origin })
  const { text: page } = await someone.get('/setup/verify')
  expect(page).toContain(`name="origin" value="${origin}"`)
  const answer = await someone.post('/setup/allow', { csrf: csrfOf(page), origin })
  expect(answer.location).toBe('/setup/verify')
  expect((await someone.get('/setup/verify')).text).not.toContain(`name="origin" value="${origin}"`)
  collector.advance(2_000)
  await collector.send({ visitor: 'new', events: [wireEvent('allowed_now')] }, { Origin: origin })
  expect((await collector.ask<{ data: object[] }>('/v1/leads?limit=500')).data).not.toEqual([])
  expect((await someone.get('/setup/verify')).text).toContain('&quot;type&quot;: &quot;allowed_now&quot;')
})

test('the origin of sandboxed frames can be allowed, and is no page to be opened', async () => {
  await collector.send({ visitor: 'pixel', events: [wireEvent('purchase')] }, { Origin: 'null' })
  const { text: page } = await someone.get('/setup/verify')
  expect(page).toContain('name="origin" value="null"')
  expect((await someone.post('/setup/allow', { csrf: csrfOf(page), origin: 'null' })).location).toBe('/setup/verify')
  const { text: after } = await someone.get('/setup/verify')
  expect(after).not.toContain('name="origin" value="null"')
  expect(after).not.toContain('url=null')
})

test('however much is refused, little of it is remembered', async () => {
  for (let sent = 0; sent < 300; sent++)
    await collector.send({ key: 'wk_wrong', events: [] }, { Origin: `https://${sent}.example` })
  const { text: page } = await someone.get('/setup/verify')
  expect(page.split('<ul class="obstacles">')[1]!.split('<h3>').length).toBeLessThan(100)
})

test('nobody is led to pages that are not of the site', async () => {
  for (const url of ['https://evil.example', `${SHOP}.evil.example`, '//evil.example', ''])
    expect((await someone.get(`/setup/open?url=${encodeURIComponent(url)}`)).status).toBe(404)
})

test('whoever signs in first is led to the set-up, until an event counts', async () => {
  const fresh = await testCollector()
  const first = await signIn(fresh)
  expect((await first.get('/')).location).toBe('/setup')
  await fresh.send({ events: [wireEvent('page_view')] }, { Origin: SHOP })
  expect((await first.get('/')).location).toBe('/setup')
  const before = (await first.get('/setup/pulse')).text
  await fresh.send({ visitor: 'ada', events: [wireEvent('page_view', { url: `${fresh.url}/lamps` })] })
  expect((await first.get('/setup/pulse')).text).not.toBe(before)
  expect((await first.get('/')).location).toBe('/home')
  expect(text((await first.get('/setup/verify')).text)).toContain(`${fresh.url}/lamps`)
  await fresh.close()
})

test('the rules to begin with are published as a version, and choosing them again changes nothing', async () => {
  const version = async () =>
    (await collector.ask<{ data: { version: number; status: string }[] }>('/v1/models')).data.find(
      ({ status }) => status === 'live',
    )!.version
  const choose = async (starter: string) => someone.post('/setup/model', { ...(await form('/setup/model')), starter })
  const before = await version()
  expect((await choose('dealer')).location).toBe('/home')
  expect(await version()).toBe(before + 1)
  await choose('dealer')
  expect(await version()).toBe(before + 1)
  expect((await choose('nonsense')).status).toBe(422)
})

test.each(['html', 'gtm', 'wordpress', 'shopify', 'next', 'npm', 'server'])('what to paste: %s', async platform => {
  const { text: page } = await someone.get(`/setup/install?for=${platform}`)
  const code = text(/<code id="snippet">(.*?)<\/code>/s.exec(page)![1]!)
  expect(code).toContain(collector.url)
  if (platform !== 'server') expect(code).toContain(collector.site.writeKey)
})

test('what meets pages of one site is told there alone', async () => {
  const other = 'https://other.example'
  const answer = await fetch(`${collector.url}/v1/sites`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ADMIN_KEY}` },
    body: JSON.stringify({ name: 'Other', origins: [other] }),
  })
  const { id } = (await answer.json()) as { id: number }
  await collector.send({ key: 'wk_wrong', events: [] }, { Origin: other })
  expect((await someone.get(`/setup/verify?site=${id}`)).text).toContain(other)
  expect((await someone.get(`/setup/verify?site=${collector.site.id}`)).text).not.toContain(other)
})
