import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { ADMIN_KEY, PERSON } from '../collector.ts'

/** One request, right up to some places where it is not. */
export interface FuzzedRequest {
  method: string
  path: string
  headers: Record<string, string>
  /** The body before it was encoded. */
  text: Uint8Array
  body: Uint8Array
  chunked: boolean
}

/** What a request is made for. */
export interface Target {
  key: string
  origin: string
}

const NOW = 1_764_000_000_000
const uuid = fc.bigInt({ min: 0n, max: 2n ** 62n }).map(bits => {
  const hex = bits.toString(16).padStart(16, '0')
  return `01938f5e-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-0000${hex.slice(8)}`
})
/** Few, so that there are duplicates, also between visitors. */
const known = fc.integer({ min: 0, max: 99 }).map(n => `01938f5e-0000-7000-8000-${String(n).padStart(12, '0')}`)

const TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\u202eevil',
  '\u001b[2J',
  '😀',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'events',
  "'; DROP TABLE events; --",
  '<script>alert(1)</script>',
  '=HYPERLINK("x")',
  'ada@example.com',
  'https://shop.example/?email=ada@example.com&token=x',
  'javascript:alert(1)',
  'http://[',
  'https://shop.example/%E0%A4%A',
  '2026-11-22T12:00:00Z',
  '1e999',
  '-1',
  'x'.repeat(101),
  'x'.repeat(4_097),
  'ø'.repeat(8_193),
  'x'.repeat(33_000),
]
const NUMBERS = [0, -0, 1, -1, 0.5, NOW, NOW + 1e12, 8.64e15, 8.64e15 + 1, 2 ** 31, 2 ** 53, 1e300, -1e300, 5e-324]
const hostileScalar = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...TEXTS, ...NUMBERS, true, false, null) },
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double({ noNaN: true }),
)

const nested = (levels: number, inner: unknown): unknown =>
  levels === 0 ? inner : nested(levels - 1, levels % 2 ? [inner] : { a: inner })
const hostile = fc.oneof(
  { weight: 8, arbitrary: hostileScalar },
  fc.array(hostileScalar, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom(...TEXTS), hostileScalar, { maxKeys: 4 }),
  fc.integer({ min: 1, max: 70 }).map(levels => nested(levels, 1)),
  fc.constantFrom<unknown>(
    [],
    {},
    Array(2_001).fill(0),
    Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`k${n}`, n])),
    JSON.parse('{"__proto__":{"admin":true}}'),
  ),
)

/** Mostly as it should be. */
const mostly = <Value>(right: fc.Arbitrary<Value>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: right }, hostile)
/** Left out as often as not. */
const maybe = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof(fc.constant(undefined), mostly(right))

const TYPES = [
  'page_view',
  'user_engagement',
  'add_to_cart',
  'remove_from_cart',
  'form_submit',
  'identify',
  'group',
  'file_download',
  'my_event',
]
/** Enough that the histories of persons stay short, and few enough that they are joined. */
const few = fc.integer({ min: 0, max: 5_000 })
const traits = fc.record({
  email: mostly(few.map(n => `ada${n}@example.com`)),
  company: mostly(fc.constant('Acme')),
})
const properties = fc.oneof(
  fc.record({ item_id: mostly(fc.constantFrom('A1', 'A2')), engaged_ms: mostly(fc.nat(100_000)) }),
  fc.record({ form_kind: mostly(fc.constantFrom('newsletter', 'quote')), traits: mostly(traits) }),
  fc.record({ user_id: mostly(few.map(n => `user ${n}`)), traits: mostly(traits) }),
  fc.record({ link_url: mostly(fc.constant('https://x.example/a.pdf')), items: hostile }),
)

const event = fc.record({
  id: mostly(fc.oneof({ weight: 20, arbitrary: uuid }, known)),
  type: mostly(fc.constantFrom(...TYPES)),
  at: mostly(fc.integer({ min: NOW - 4e9, max: NOW })),
  view: maybe(fc.constantFrom('v1', 'v2')),
  seq: maybe(fc.nat(1_000)),
  url: maybe(fc.constantFrom('https://shop.example/', 'https://shop.example/lamps?utm_source=news&utm_medium=email')),
  referrer: maybe(fc.constantFrom('https://www.google.com/', 'https://shop.example/')),
  title: maybe(fc.constant('Lamps')),
  properties: maybe(properties),
})

const batch = (key: string) =>
  fc.record({
    v: mostly(fc.constant(1)),
    key: fc.oneof({ weight: 30, arbitrary: fc.constant<unknown>(key) }, hostile),
    visitor: mostly(fc.integer({ min: 0, max: 20_000 }).map(n => `visitor ${n}`)),
    sent_at: mostly(fc.integer({ min: NOW - 1e6, max: NOW + 1e6 })),
    consent: fc.oneof(
      { weight: 12, arbitrary: fc.constant<unknown>(undefined) },
      fc.constantFrom('granted', 'denied'),
      hostile,
    ),
    events: fc.oneof(
      {
        weight: 30,
        arbitrary: fc.array(fc.oneof({ weight: 15, arbitrary: event }, hostile), { maxLength: 4 }),
      },
      hostile,
    ),
  })

/** Spoils a text as a broken or hostile sender would. */
type Spoil = (text: string, where: number) => string | Uint8Array
const at = (text: string, where: number): number => Math.floor(where * text.length)
const insert =
  (what: string): Spoil =>
  (text, where) =>
    text.slice(0, at(text, where)) + what + text.slice(at(text, where))
const SPOILS: Spoil[] = [
  (text, where) => text.slice(0, at(text, where)),
  ...[
    '"',
    '\\',
    '{',
    '[',
    ']',
    '}',
    ',',
    ':',
    '\0',
    '\u0001',
    '\ufeff',
    'null',
    '1e999',
    '-',
    '\\ud800',
    '\\u0000',
  ].map(insert),
  text => `\ufeff${text}`,
  text => text.replace(/\d+/, '1e999'),
  text => text.replaceAll(/"[a-z]+"/g, name => `"\\u00${name.charCodeAt(1).toString(16)}${name.slice(2)}`),
  text => text.replace('"events":', '"events":[{"a":[[[[[]]]]]}],"events":'),
  text => text.replace('{', `{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)},`),
  text => text.replace('"events":[', `"events":[{"properties":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}},`),
  text =>
    text.replace(
      '"events":[',
      `"padding":"${'x'.repeat(40_000)}","events":[ {"properties":${'['.repeat(100)}${']'.repeat(100)}} ,`,
    ),
  text => text.replace('"events":[', `"events":[${'1,'.repeat(600)}`),
  text => text.replace('{', `{"padding":"${'x'.repeat(530_000)}",`),
  (text, where) => {
    const bytes = Buffer.from(text)
    bytes[Math.floor(where * bytes.length)] = 0xff
    return bytes
  },
  text => Buffer.from(text, 'latin1'),
  text => Buffer.from(text, 'utf16le'),
  () => '',
]

const text = (key: string): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      batch: batch(key),
      spoil: fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, fc.constantFrom(...SPOILS)),
      where: fc.double({ min: 0, max: 0.999, noNaN: true }),
    })
    .map(({ batch: value, spoil, where }) => {
      const json = JSON.stringify(value)
      const spoilt = spoil ? spoil(json, where) : json
      return typeof spoilt === 'string' ? Buffer.from(spoilt) : spoilt
    })

const CODINGS: [coding: string | undefined, encode: (body: Uint8Array) => Uint8Array][] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['gzip', body => gzipSync(body).subarray(0, -9)],
  ['br', body => body],
  ['gzip', deflateSync],
  ['identity', body => body],
  ['zstd', body => body],
  ['gzip, br', gzipSync],
  [undefined, gzipSync],
]
const PLAIN: (typeof CODINGS)[number] = [undefined, body => body]
const coding = fc.oneof({ weight: 12, arbitrary: fc.constant(PLAIN) }, fc.constantFrom(...CODINGS))

const HEADER_TEXTS = [
  '',
  ' ',
  'null',
  '*',
  'é',
  'x'.repeat(3_000),
  '127.0.0.1',
  '::1, 10.0.0.1',
  '[::]:99999999',
  ',,,',
  'Bearer',
  'Bearer sk_wrong',
  'Basic eDo=',
]
const header = (right: string) =>
  fc.oneof(
    { weight: 10, arbitrary: fc.constant<string | undefined>(right) },
    fc.constant(undefined),
    fc.constantFrom(...HEADER_TEXTS),
  )
const rarely = (values: string[]) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant<string | undefined>(undefined) },
    fc.constantFrom(...values, ...HEADER_TEXTS),
  )

const AGENTS = [
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  'curl/8',
  '(((((((((((((((((((',
  `Mozilla/5.0 ${'('.repeat(600)}`,
]
const headers = (origin: string) =>
  fc.record({
    Origin: fc.oneof({ weight: 10, arbitrary: header(origin) }, fc.constant('https://other.example')),
    'User-Agent': fc.oneof({ weight: 10, arbitrary: header(PERSON) }, fc.constantFrom(...AGENTS)),
    'Content-Type': header('text/plain'),
    'X-Forwarded-For': rarely(['203.0.113.9']),
    Authorization: rarely([`Bearer ${ADMIN_KEY}`, `Bearer ${ADMIN_KEY}`]),
  })

const PATHS: [method: string, path: string][] = [
  ['GET', '/e'],
  ['PUT', '/e'],
  ['OPTIONS', '/e'],
  ['DELETE', '/e'],
  ['POST', '/e?x=%E0%A4%A'],
  ['POST', '/e/'],
  ['POST', '//e'],
  ['GET', '/readyz'],
  ['GET', '/healthz'],
  ['GET', '/metrics'],
  ['GET', '/v1/leads?limit=1e9&after=x&sort=%00'],
  ['GET', '/v1/leads/%00/timeline?after=%F0%28%8C%28'],
  ['GET', '/../../etc/passwd'],
  ['TRACE', '/e'],
  ['GET', '/%'],
]
const target = fc.oneof(
  { weight: 40, arbitrary: fc.constant<[string, string]>(['POST', '/e']) },
  fc.constantFrom(...PATHS),
)

export const fuzzedRequest = ({ key, origin }: Target): fc.Arbitrary<FuzzedRequest> =>
  fc
    .record({
      target,
      headers: headers(origin),
      text: text(key),
      coding,
      chunked: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true)),
    })
    .map(({ target: [method, path], headers: given, text: body, coding: [name, encode], chunked }) => ({
      method,
      path,
      headers: {
        ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Record<
          string,
          string
        >),
        ...(name && { 'Content-Encoding': name }),
      },
      text: body,
      body: encode(body),
      chunked,
    }))
