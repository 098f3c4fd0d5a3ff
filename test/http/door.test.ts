import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MAX_BATCH_BYTES } from '../../shared/batch.ts'
import { MINUTE } from '../../shared/instant.ts'
import { ADMIN_KEY, PERSON, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { scrape } from './books.ts'
import { openConnection, post } from './connection.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector({ '--trust-proxy': '127.0.0.1', '--visitor-rate': '10', '--address-rate': '100' })
})
afterAll(async () => {
  expect(collector.faults).toEqual([])
  await collector.close()
})

let visitors = 0
/** A batch of somebody new, as text. */
const batch = (changes: object = {}) =>
  JSON.stringify({
    v: 1,
    key: collector.site.writeKey,
    visitor: `visitor ${visitors++}`,
    sent_at: collector.now(),
    events: [wireEvent('page_view')],
    ...changes,
  })

const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${collector.url}/e`, {
    method: 'POST',
    body,
    headers: { Origin: collector.url, 'User-Agent': PERSON, ...headers },
  })
const encoded = (coding: string, body: Uint8Array<ArrayBuffer>) => send(body, { 'Content-Encoding': coding })
const detail = async (answer: Response) => [answer.status, ((await answer.json()) as { detail: string }).detail]

const brotli = (body: string | Buffer, window = 22) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_LGWIN]: window } })
const ZEROS = Buffer.alloc(64 * 1024 * 1024)
const PADDED = (bytes: number) => {
  const bare = batch({ padding: '' })
  return bare.replace('"padding":""', `"padding":"${'x'.repeat(bytes - Buffer.byteLength(bare))}"`)
}

describe('a compressed body', () => {
  test.each([
    ['gzip', (body: string) => gzipSync(body)],
    ['deflate', (body: string) => deflateSync(body)],
    ['br', (body: string) => brotli(body)],
    ['identity', (body: string) => Buffer.from(body)],
    ['GZIP', (body: string) => gzipSync(body)],
  ])('is taken as %s', async (coding, compress) => {
    const answer = await encoded(coding, compress(batch()))
    expect([answer.status, await answer.json()]).toMatchObject([202, { accepted: 1 }])
  })

  test.each([
    ['gzip', () => gzipSync(ZEROS)],
    ['deflate', () => deflateSync(ZEROS)],
    ['br', () => brotli(ZEROS)],
  ])('that is a bomb is refused: %s', async (coding, bomb) => {
    expect(await detail(await encoded(coding, bomb()))).toEqual([413, 'A batch holds at most 524288 bytes, inflated.'])
  })

  test('is counted to the byte', async () => {
    expect((await encoded('gzip', gzipSync(PADDED(MAX_BATCH_BYTES)))).status).toBe(202)
    expect((await encoded('gzip', gzipSync(PADDED(MAX_BATCH_BYTES + 1)))).status).toBe(413)
  })

  test('with a brotli window that would fill memory before a byte comes out is refused', async () => {
    expect(await detail(await encoded('br', brotli(ZEROS, 24)))).toEqual([
      413,
      'A brotli window has at most 22 bits; this one has more.',
    ])
  })

  test.each([
    ['that is cut short', 'gzip', () => gzipSync(batch()).subarray(0, 60)],
    ['that is something else', 'gzip', () => deflateSync(batch())],
    ['that is not compressed', 'br', () => Buffer.from(batch())],
  ])('%s is not well-formed', async (_, coding, body) => {
    expect(await detail(await encoded(coding, body()))).toEqual([400, `The body is no ${coding}.`])
  })

  test.each(['zstd', 'compress', 'gzip, gzip', 'constructor', '__proto__'])(
    'in an unknown coding, %s, is refused',
    async coding => {
      const answer = await encoded(coding, gzipSync(batch()))
      expect(answer.headers.get('Accept-Encoding')).toBe('gzip, deflate, br')
      expect(await detail(answer)).toEqual([
        415,
        `A body can be plain or gzip, deflate, br, each alone; this one is ${JSON.stringify(coding)}.`,
      ])
    },
  )
})

describe('a body', () => {
  test('must be UTF-8', async () => {
    const bytes = Buffer.from(batch().replace('page_view', 'page_\u00e5'), 'latin1')
    expect(await detail(await send(bytes))).toEqual([400, 'The body is not UTF-8.'])
  })

  test('may be nested as deep as it likes, and harms nothing', async () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    for (const body of [deep(15_000), deep(250_000), '['.repeat(500_000), '{"a":'.repeat(100_000)]) {
      expect((await send(body)).status).toBe(400)
    }
    const event = `{"properties":${deep(10_000)}}`
    const answer = await send(batch({ events: [] }).replace('"events":[]', `"events":[${event}]`))
    expect(await answer.json()).toMatchObject({ quarantined: 1 })
  })

  test('that ends early is the sender’s affair', async () => {
    const refused = async () => (await scrape(collector.url)).get('leadlight_batches_total{status="400"}') ?? 0
    const before = await refused()
    const connection = await openConnection(collector.url)
    connection.socket.write(post(collector.url, batch()).subarray(0, -10))
    await new Promise(wait => setTimeout(wait, 50))
    connection.close()
    await expect.poll(refused).toBe(before + 1)
  })

  test('holds one event twice as a duplicate', async () => {
    const event = wireEvent('page_view')
    expect(await (await send(batch({ events: [event, event] }))).json()).toMatchObject({ accepted: 2, duplicate: 1 })
  })
})

describe('a fair share', () => {
  const from = (address: string, visitor: string, events = 1) =>
    send(batch({ visitor, events: Array.from({ length: events }, () => wireEvent('page_view')) }), {
      'X-Forwarded-For': address,
    })

  test('of a visitor: 429, with a reason, and the time after which it is worth another try', async () => {
    expect((await from('203.0.113.1', 'eager', 100)).status).toBe(202)
    const answer = await from('203.0.113.1', 'eager')
    expect(answer.headers.get('Retry-After')).toBe('6')
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await detail(answer)).toEqual([
      429,
      'This visitor sends more than 10 events a minute. Send this batch again later.',
    ])
    collector.advance(7_000)
    expect((await from('203.0.113.1', 'eager')).status).toBe(202)
  })

  test('of an address and its neighbours, as a configured proxy names it', async () => {
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, n) => from(`198.51.100.${n}`, `crowd ${n}`, 100)))
    expect(crowd.map(answer => answer.status).filter(status => status === 429)).toHaveLength(2)
    expect((await from('198.51.100.200', 'neighbour')).status).toBe(429)
    expect((await from('198.51.101.1', 'next street')).status).toBe(202)
    expect((await from('198.51.100.200, 203.0.113.9', 'behind another')).status).toBe(202)
    collector.advance(10 * MINUTE)
    expect((await from('198.51.100.200', 'neighbour')).status).toBe(202)
  })

  test('is not measured out to a server with a secret key', async () => {
    const secret = { Authorization: `Bearer ${ADMIN_KEY}`, 'X-Forwarded-For': '192.0.2.1' }
    for (let n = 0; n < 4; n++) {
      const events = Array.from({ length: 500 }, () => wireEvent('page_view'))
      expect((await send(batch({ visitor: 'anonymous', events }), secret)).status).toBe(202)
    }
  })
})

test('a proxy that is not configured is told of once, and nobody is limited by its address', async () => {
  const other = await testCollector({ '--address-rate': '1' })
  for (let n = 0; n < 30; n++) {
    const answer = await other.send(
      { visitor: `v${n}`, events: [wireEvent('page_view')] },
      { 'X-Forwarded-For': '203.0.113.1' },
    )
    expect(answer.status).toBe(202)
  }
  expect(other.faults).toEqual([expect.stringContaining('LEADLIGHT_TRUST_PROXY does not name it')])
  await other.close()
})
