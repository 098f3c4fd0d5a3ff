import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Analytics } from '@segment/analytics-node'
import { PERSON, testCollector, type TestCollector } from '../collector.ts'

let collector: TestCollector
let ingestKey: string
const limits = { '--visitor-rate': '0', '--address-rate': '0', '--site-rate': '0' }

beforeAll(async () => {
  collector = await testCollector(limits)
  ingestKey = await secret('ingest')
})
afterAll(() => collector.close())

/** A key of the site's, made beside the collector. */
async function secret(scope: 'read' | 'ingest'): Promise<string> {
  const { openStore } = await import('../../collector/store/open.ts')
  const { addKey } = await import('../../collector/http/site.ts')
  const store = await openStore(collector.databaseUrl, { newId: () => 'nobody' })
  const key = await addKey(store, collector.site.id, scope, Date.now())
  await store.close()
  return key.secret
}

interface Person {
  id: string
  email: string | null
  company: string | null
  traits: Record<string, unknown>
}

interface Happening {
  id: string
  type: string
  visitor: string
  at: string
  provenance: string
  mark: string | null
  properties: Record<string, unknown>
  url?: string
  touch?: Record<string, unknown>
}

const basic = (key: string) => ({ Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` })

function call(path: string, body: unknown, headers: Record<string, string> = basic(ingestKey)): Promise<Response> {
  return fetch(`${collector.url}/v1/${path}`, {
    method: 'POST',
    headers: { 'User-Agent': 'python-requests/2', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const people = async (query: string) => (await collector.ask<{ data: Person[] }>(`/v1/leads?q=${query}`)).data

async function timeline(person: string): Promise<Happening[]> {
  const all: Happening[] = []
  let after = ''
  for (;;) {
    const page = await collector.ask<{ data: Happening[]; paging: { next?: { after: string } } }>(
      `/v1/leads/${person}/timeline?limit=500${after}`,
    )
    all.push(...page.data)
    if (!page.paging.next) return all
    after = `&after=${page.paging.next.after}`
  }
}

/** What becomes of one call: it and an identify, by which it is found. */
async function kept(path: string, body: object, headers?: Record<string, string>): Promise<Happening> {
  const anonymousId = crypto.randomUUID()
  const email = `${anonymousId}@example.com`
  const answers = [
    await call(path, { anonymousId, ...body }, headers),
    await call('identify', { anonymousId, traits: { email } }, headers),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  const [person] = await people(email)
  const found = await timeline(person!.id)
  return found.find(({ type, properties }) => type !== 'identify' || !('email' in (properties['traits'] as object)))!
}

describe('each call is kept as the event that it is', () => {
  test.each([
    ['track', { event: 'Guide read', properties: { pages: 3 } }, 'Guide read', { pages: 3 }],
    [
      'track',
      { event: 'Product Added', properties: { product_id: 'A1', name: 'Lamp', price: 340 } },
      'add_to_cart',
      { item_id: 'A1', item_name: 'Lamp', price: 340 },
    ],
    [
      'track',
      { event: 'product_viewed', properties: { sku: 'S1', brand: 'Berg' } },
      'view_item',
      { item_id: 'S1', sku: 'S1', item_brand: 'Berg' },
    ],
    [
      'track',
      {
        event: 'Order Completed',
        properties: { order_id: '7', total: 20, revenue: 15, products: [{ product_id: 'A1', quantity: 2 }] },
      },
      'purchase',
      { transaction_id: '7', value: 20, total: 20, revenue: 15, items: [{ item_id: 'A1', quantity: 2 }] },
    ],
    ['track', { event: 'Products Searched', properties: { query: 'lamp' } }, 'search', { search_term: 'lamp' }],
    [
      'track',
      { event: 'Product Added to Wishlist', properties: { product_id: 'A1' } },
      'add_to_wishlist',
      { item_id: 'A1' },
    ],
    [
      'page',
      { name: 'Home', properties: { url: 'https://shop.example/', colour: 'red' } },
      'page_view',
      { name: 'Home', colour: 'red' },
    ],
    ['screen', { name: 'Cart' }, 'screen_view', { screen_name: 'Cart' }],
    [
      'group',
      { groupId: 'g1', traits: { name: 'Berg', employees: 50 } },
      'group',
      { group_id: 'g1', traits: { name: 'Berg', employees: 50 } },
    ],
  ])('%s %j', async (path, body, type, properties) => {
    expect(await kept(path, body)).toMatchObject({ type, properties, provenance: 'server', mark: null })
  })
})

test('where a page was, and what led to it', async () => {
  const context = {
    page: {
      url: 'https://shop.example/lamps?email=ada@example.com',
      referrer: 'https://www.google.com/',
      title: 'Lamps',
    },
    campaign: { source: 'news', medium: 'email', name: 'may' },
    ip: '203.0.113.9',
    userAgent: PERSON,
  }
  const page = await kept('page', { context })
  expect(page).toMatchObject({
    url: 'https://shop.example/lamps?email=(redacted)',
    title: 'Lamps',
    touch: { source: 'news', medium: 'email', campaign: 'may' },
    device: { type: 'mobile', os: 'iOS' },
  })
  expect(JSON.stringify(page)).not.toContain('203.0.113.9')
})

test('traits by the names that rules know', async () => {
  const traits = {
    email: 'grace@example.com',
    firstName: 'Grace',
    lastName: 'Hopper',
    company: { name: 'Navy', industry: 'defence', employee_count: 9 },
    address: { country: 'US' },
    title: 'owner',
  }
  await call('identify', { userId: 'grace', traits })
  const [person] = await people('grace@example.com')
  expect(person).toMatchObject({
    company: 'Navy',
    traits: { name: 'Grace Hopper', industry: 'defence', employees: 9, country: 'US', role: 'owner' },
  })
})

describe('who it is', () => {
  const idOf = async (email: string) => (await people(email))[0]!.id
  const types = async (email: string) => (await timeline(await idOf(email))).map(({ type }) => type).toSorted()

  test('a server that knows only the user: before and after it identifies them', async () => {
    await call('track', { userId: 'u1', event: 'one' })
    await call('identify', { userId: 'u1', traits: { email: 'u1@example.com' } })
    await call('track', { userId: 'u1', event: 'two' })
    expect(await types('u1@example.com')).toEqual(['identify', 'one', 'two'])
  })

  test('a browser that was somebody unknown, and the same user elsewhere', async () => {
    await call('track', { anonymousId: 'a2', event: 'unknown' })
    await call('track', { anonymousId: 'a2', userId: 'u2', event: 'known' })
    await call('track', { userId: 'u2', event: 'elsewhere' })
    await call('identify', { userId: 'u2', traits: { email: 'u2@example.com' } })
    expect(await types('u2@example.com')).toEqual(['elsewhere', 'identify', 'known', 'unknown'])
  })

  test('an alias joins what was known by two ids, when a server says so', async () => {
    await call('identify', { userId: 'old', traits: { email: 'old@example.com' } })
    await call('alias', { previousId: 'old', userId: 'new' })
    await call('track', { userId: 'new', event: 'later' })
    expect(await types('old@example.com')).toEqual(['alias', 'identify', 'later'])
  })

  test('but not when a page says so', async () => {
    const page = { ...basic(collector.site.writeKey), Origin: collector.url, 'User-Agent': PERSON }
    await call('identify', { anonymousId: 'b', userId: 'kari', traits: { email: 'kari@example.com' } }, page)
    await call('identify', { anonymousId: 'c', userId: 'ola', traits: { email: 'ola@example.com' } }, page)
    await call('alias', { anonymousId: 'c', previousId: 'ola', userId: 'kari' }, page)
    expect(await idOf('kari@example.com')).not.toBe(await idOf('ola@example.com'))
  })
})

test('a key may come in any of the ways that Segment knows, and decides what an event is worth', async () => {
  const { writeKey } = collector.site
  const event = { event: 'worth' }
  const page = { Origin: collector.url, 'User-Agent': PERSON }
  expect(await kept('track', event, basic(ingestKey))).toMatchObject({ provenance: 'server' })
  expect(await kept('track', event, { Authorization: `Bearer ${ingestKey}` })).toMatchObject({ provenance: 'server' })
  expect(await kept('track', event, basic(writeKey))).toMatchObject({ provenance: 'browser', mark: null })
  expect(await kept('track', event, { ...basic(writeKey), ...page })).toMatchObject({
    provenance: 'browser',
    mark: null,
  })
  for (const key of [writeKey, ingestKey]) {
    const { status } = await call('track', { writeKey: key, userId: `by ${key}`, event: 'in the body' }, {})
    expect(status).toBe(200)
  }
})

test('what a page elsewhere or a bot sends is kept and worth nothing', async () => {
  const { writeKey } = collector.site
  const worth = async (headers: Record<string, string>, context: object = {}) => {
    const messageId = crypto.randomUUID()
    await call('track', { messageId, anonymousId: messageId, event: 'x', context }, { ...basic(writeKey), ...headers })
    const { data } = await collector.ask<{ data: Person[] }>(`/v1/leads?sort=-stage_since&limit=500`)
    const all = await Promise.all(data.map(({ id }) => timeline(id)))
    return all.flat().find(({ id }) => id === messageId)
  }
  expect(await worth({ Origin: 'https://other.example', 'User-Agent': PERSON })).toMatchObject({
    provenance: 'weak',
    mark: 'foreign_origin',
  })
  expect(await worth({}, { userAgent: 'Googlebot/2.1' })).toMatchObject({ provenance: 'weak', mark: 'bot' })
})

describe('answers as Segment’s clients read them', () => {
  const batch = (...calls: object[]) => call('batch', { batch: calls })

  test('success', async () => {
    const answer = await batch({ type: 'track', userId: 'z', event: 'x' })
    expect([answer.status, await answer.json()]).toEqual([200, { success: true }])
    expect(answer.headers.get('leadlight-result')).toBe('accepted=1, duplicate=0, quarantined=0, dropped=0')
  })

  test('the same message twice is kept once, whatever its id looks like', async () => {
    const result = async () =>
      (await batch({ type: 'track', messageId: 'node-next-1-a', userId: 'z', event: 'x' })).headers.get(
        'leadlight-result',
      )
    expect(await result()).toContain('accepted=1, duplicate=0')
    expect(await result()).toContain('accepted=1, duplicate=1')
  })

  test.each([
    ['nobody', { type: 'track', event: 'x' }],
    ['no such call', { type: 'trak', userId: 'z' }],
    ['no event', { type: 'track', userId: 'z' }],
    ['nothing', null],
  ])('what is no call goes to quarantine with its reason: %s', async (_, bad) => {
    const answer = await batch(bad as object, {
      type: 'track',
      userId: 'z',
      event: 'x',
      properties: { bad: JSON.stringify(bad) },
    })
    expect([answer.status, answer.headers.get('leadlight-result')]).toEqual([
      200,
      'accepted=2, duplicate=0, quarantined=1, dropped=0',
    ])
  })

  test('what is too large is never a success, and costs no other', async () => {
    const large = { type: 'track', userId: 'z', event: 'large', properties: { text: 'x'.repeat(33_000) } }
    const answer = await batch({ type: 'track', userId: 'z', event: 'small' }, large)
    expect([answer.status, answer.headers.get('leadlight-result')]).toEqual([
      413,
      'accepted=1, duplicate=0, quarantined=0, dropped=1',
    ])
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: '/batch/1' }] })
    expect((await call('track', large)).status).toBe(413)
  })

  test('what a batch says once for all counts for each of its calls', async () => {
    const context = { traits: { company: 'x'.repeat(3_000) } }
    const calls = Array.from({ length: 200 }, () => ({ type: 'track', userId: 'z', event: 'x' }))
    const answer = await call('batch', { batch: calls, context })
    expect([answer.status, await answer.json()]).toMatchObject([413, { errors: [{ pointer: '/context' }] }])
    expect((await call('batch', { batch: calls.slice(0, 100), context })).status).toBe(200)
  })

  test.each([
    ['no key', {}, '{"userId":"z","event":"x"}', 401],
    ['an unknown key', basic('wk_unknown'), '{"userId":"z","event":"x"}', 401],
    ['an unknown secret', basic('sk_unknown'), '{"userId":"z","event":"x"}', 401],
    ['no JSON', undefined, '{', 400],
    ['a batch of nothing', undefined, '{"batch":7}', 400],
  ])('refused: %s', async (_, headers, body, status) => {
    const answer = await call(body.includes('batch') ? 'batch' : 'track', body, headers)
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, '*'])
  })

  test('a key that may only read', async () => {
    expect((await call('track', { userId: 'z', event: 'x' }, basic(await secret('read')))).status).toBe(403)
  })
})

test('the official client for Node: 1,000 mixed calls arrive once, as what they are, of whom they are', async () => {
  const client = new Analytics({ writeKey: ingestKey, host: collector.url, maxEventsInBatch: 50, flushInterval: 50 })
  const errors: unknown[] = []
  client.on('error', error => errors.push(error))
  const users = Array.from({ length: 20 }, (_, number) => `node-${number}`)
  const expected = new Map(users.map(user => [user, [] as string[]]))
  for (let number = 0; number < 1_000; number++) {
    const user = users[number % users.length]!
    const anonymous = { anonymousId: `anonymous-${user}` }
    const round = Math.floor(number / users.length)
    const traits = { email: `${user}@example.com` }
    const [type, send] = (
      round === 0
        ? ['page_view', () => client.page({ ...anonymous, properties: { url: 'https://shop.example/' } })]
        : round === 1
          ? ['identify', () => client.identify({ ...anonymous, userId: user, traits })]
          : round === 2
            ? ['alias', () => client.alias({ previousId: `before-${user}`, userId: user })]
            : [
                ['group', () => client.group({ userId: user, groupId: 'g', traits: { name: 'Berg' } })],
                ['screen_view', () => client.screen({ userId: user, name: 'Cart' })],
                ['add_to_cart', () => client.track({ userId: user, event: 'Product Added', properties: { sku: 'A' } })],
                ['page_view', () => client.page({ userId: user, name: 'Home' })],
                [`custom ${round}`, () => client.track({ ...anonymous, event: `custom ${round}` })],
              ][round % 5]
    ) as [string, () => void]
    expected.get(user)!.push(type)
    send()
  }
  await client.closeAndFlush()
  expect(errors).toEqual([])
  for (const [user, types] of expected) {
    const [person, ...others] = await people(`${user}@example.com`)
    expect(others).toEqual([])
    const arrived = await timeline(person!.id)
    expect(arrived.map(({ type }) => type).toSorted()).toEqual(types.toSorted())
    expect(new Set(arrived.map(({ provenance }) => provenance))).toEqual(new Set(['server']))
  }
})

test('the settings that Segment’s script asks for lead it here, and nowhere else', async () => {
  const answer = await fetch(`${collector.url}/v1/projects/wk_x/settings`)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(await answer.json()).toMatchObject({
    integrations: { 'Segment.io': { apiKey: 'wk_x', apiHost: `${new URL(collector.url).host}/v1`, protocol: 'http' } },
    metrics: { sampleRate: 0 },
  })
})
