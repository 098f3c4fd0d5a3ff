import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pinnedTag } from '../../collector/http/site.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
})
afterAll(() => collector.close())

const get = (path: string, headers: Record<string, string> = {}) => fetch(collector.url + path, { headers })

test.each(['leadlight.js', 'leadlight.mjs', 'leadlight-debug.js', 'leadlight-consent.js'])(
  '/%s is there for an hour, and under a name of its content for ever, with its integrity',
  async name => {
    const fresh = await get(`/${name}`)
    expect(fresh.headers.get('Cache-Control')).toBe('public, max-age=3600, stale-while-revalidate=86400')
    expect(fresh.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8')
    const files = (await (await get('/leadlight.json')).json()) as Record<string, { path: string; integrity: string }>
    const { path, integrity } = files[name]!
    const pinned = await get(path)
    expect(pinned.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
    // Without this, a page that checks the integrity refuses the script.
    expect(pinned.headers.get('Access-Control-Allow-Origin')).toBe('*')
    const content = await pinned.bytes()
    expect(Buffer.from(content).equals(await fresh.bytes())).toBe(true)
    expect(integrity).toBe(`sha384-${createHash('sha384').update(content).digest('base64')}`)
    expect((await get(path.replace(/\.\w{12}\./, '.000000000000.'))).status).toBe(404)
  },
)

test('the script is compressed as the browser wishes, and not sent again when it is known', async () => {
  const sizes: number[] = []
  for (const encoding of ['br', 'gzip', 'identity']) {
    const answer = await get('/leadlight.js', { 'Accept-Encoding': encoding })
    expect(answer.headers.get('Content-Encoding')).toBe(encoding === 'identity' ? null : encoding)
    sizes.push(Number(answer.headers.get('Content-Length') ?? (await answer.bytes()).length))
  }
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
  const etag = (await get('/leadlight.js')).headers.get('ETag')!
  expect((await get('/leadlight.js', { 'If-None-Match': etag })).status).toBe(304)
})

test('the pinned tag names what is served, and its integrity', async () => {
  const pinned = pinnedTag(collector.site, collector.url)
  const [, src, integrity] = /src="([^"]+)" integrity="([^"]+)" crossorigin/.exec(pinned)!
  const content = await (await fetch(src!)).bytes()
  expect(integrity).toBe(`sha384-${createHash('sha384').update(content).digest('base64')}`)
})

test('a page that is being debugged is told why events count for nothing', async () => {
  const batch = {
    v: 1,
    key: collector.site.writeKey,
    visitor: 'debug',
    sent_at: collector.now(),
    events: [wireEvent('page_view'), { ...wireEvent('x'), id: 'no id' }],
  }
  const send = (path: string) =>
    fetch(collector.url + path, {
      method: 'POST',
      headers: { Origin: 'https://foreign.example', 'User-Agent': 'Mozilla/5.0 Chrome/153.0.0.0 Safari/537.36' },
      body: JSON.stringify(batch),
    }).then(answer => answer.json())
  const result = { accepted: 2, duplicate: 0, quarantined: 1, dropped: [] }
  expect(await send('/e?debug')).toEqual({
    ...result,
    mark: 'foreign_origin',
    quarantine: [{ index: 1, reason: 'id: must be a UUID' }],
  })
  expect(Object.keys((await send('/e')) as object)).toEqual(Object.keys(result))
})
