import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_KEY, PERSON, testCollector, wireEvent, type TestCollector } from '../collector.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
})
afterAll(() => collector.close())

interface Timeline {
  data: { id: string; type: string; provenance: string; mark: string | null; device?: object; at: string }[]
}

/** The events of the one visitor with that name. */
async function kept(visitor: string): Promise<Timeline['data']> {
  const leads = await collector.ask<{ data: { id: string }[] }>('/v1/leads?limit=500')
  const timelines = await Promise.all(leads.data.map(({ id }) => collector.ask<Timeline>(`/v1/leads/${id}/timeline`)))
  return timelines.flatMap(({ data }) => data).filter(event => 'visitor' in event && event.visitor === visitor)
}

describe('POST /e', () => {
  test('answers what became of each event, after it was kept', async () => {
    const [good, again] = [wireEvent('page_view'), wireEvent('add_to_cart')]
    const bad = { ...wireEvent('page_view'), id: 'x' }
    const large = wireEvent('page_view', { properties: { text: 'x'.repeat(33_000) } })
    const answer = await collector.send({ visitor: 'sums', events: [good, again, again, bad, large] })
    expect(answer.status).toBe(202)
    expect(await answer.json()).toEqual({
      accepted: 4,
      duplicate: 1,
      quarantined: 1,
      dropped: [{ index: 4, reason: 'event_too_large' }],
    })
    expect(answer.headers.get('leadlight-result')).toBe('accepted=4, duplicate=1, quarantined=1, dropped=1')
    expect((await kept('sums')).map(event => event.id).toSorted()).toEqual([good.id, again.id].toSorted())
  })

  test('takes text/plain and application/json, and lets any page read the answer', async () => {
    for (const type of ['text/plain', 'application/json']) {
      const answer = await collector.send({ events: [wireEvent('page_view')] }, { 'Content-Type': type })
      expect([answer.status, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([202, '*'])
    }
    const preflight = await fetch(`${collector.url}/e`, { method: 'OPTIONS', headers: { Origin: 'https://a.example' } })
    expect([preflight.status, preflight.headers.get('Access-Control-Allow-Headers')]).toEqual([
      204,
      'content-type, authorization, content-encoding',
    ])
  })

  test('sets provenance by what the request proves, never by what it says', async () => {
    const events = () => [wireEvent('page_view', { provenance: 'server', mark: null })]
    await collector.send({ visitor: 'own-page', events: events() })
    await collector.send({ visitor: 'foreign', events: events() }, { Origin: 'https://evil.example' })
    await collector.send(
      { visitor: 'crawler', events: events() },
      { 'User-Agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' },
    )
    await collector.send({ visitor: 'server', events: events() }, { Authorization: `Bearer ${ADMIN_KEY}` })
    const vouched = async (visitor: string) => (await kept(visitor)).map(({ provenance, mark }) => [provenance, mark])
    expect(await vouched('own-page')).toEqual([['browser', null]])
    expect(await vouched('foreign')).toEqual([['weak', 'foreign_origin']])
    expect(await vouched('crawler')).toEqual([['weak', 'bot']])
    expect(await vouched('server')).toEqual([['server', null]])
    expect((await kept('own-page'))[0]?.device).toEqual({ type: 'mobile', browser: 'Mobile Safari', os: 'iOS' })
  })

  test.each([
    [400, 'not JSON', '{'],
    [400, 'no visitor', JSON.stringify({ v: 1, key: 'wk_x', sent_at: 0, events: [] })],
    [401, 'an unknown write key', JSON.stringify({ v: 1, key: 'wk_x', visitor: 'v', sent_at: 0, events: [] })],
    [401, 'no key', JSON.stringify({ v: 1, visitor: 'v', sent_at: 0, events: [] })],
    [413, 'more than 512 KiB', JSON.stringify({ padding: 'x'.repeat(512 * 1024) })],
  ])('answers %i, as a problem document, to %s', async (status, _, body) => {
    const answer = await fetch(`${collector.url}/e`, { method: 'POST', body })
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([status, 'application/problem+json'])
    expect(await answer.json()).toMatchObject({ status, detail: expect.stringMatching(/\.$/) as string })
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
  })

  test('counts a body that does not say its size', async () => {
    const status = await new Promise(resolve => {
      const sending = request(`${collector.url}/e`, { method: 'POST' }, answer => resolve(answer.resume().statusCode))
      for (let n = 0; n < 9; n++) sending.write('x'.repeat(64 * 1024))
      sending.end()
    })
    expect(status).toBe(413)
  })
})

describe('GET /p.gif', () => {
  const see = (query: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${collector.url}/p.gif?${new URLSearchParams(query)}`, { headers: { 'User-Agent': PERSON, ...headers } })

  test('an image that is one event, kept before it is answered', async () => {
    const site = collector.site.writeKey
    const facts = { site, visitor: 'unscripted', title: 'Lamps', plan: 'pro' }
    const answer = await see(facts, { Referer: `${collector.url}/lamps` })
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'image/gif'])
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 6)
        .toString(),
    ).toBe('GIF89a')
    expect(await kept('unscripted')).toMatchObject([
      {
        type: 'page_view',
        url: `${collector.url}/lamps`,
        title: 'Lamps',
        properties: { plan: 'pro' },
        provenance: 'browser',
        mark: null,
      },
    ])
  })

  test('an e-mail is opened: no page vouches for it; the same id is one event', async () => {
    const mail = { site: collector.site.writeKey, visitor: 'reader', type: 'email_open', id: wireEvent('x').id }
    expect((await see(mail)).headers.get('leadlight-result')).toContain('accepted=1, duplicate=0')
    expect((await see(mail)).headers.get('leadlight-result')).toContain('accepted=1, duplicate=1')
    expect(await kept('reader')).toMatchObject([{ type: 'email_open', provenance: 'weak', mark: 'missing_origin' }])
  })

  test('what is wrong is refused as everywhere', async () => {
    expect((await see({ site: 'wk_unknown' })).status).toBe(401)
    expect((await see({})).status).toBe(401)
    const long = await see({ site: collector.site.writeKey, visitor: 'v'.repeat(300) })
    expect(long.status).toBe(400)
    const odd = { site: collector.site.writeKey, __proto__: 'x', constructor: 'y', visitor: 'odd' }
    expect((await see(JSON.parse(JSON.stringify(odd)) as Record<string, string>)).status).toBe(200)
  })
})
