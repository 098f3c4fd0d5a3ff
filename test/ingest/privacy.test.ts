import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scrubProperties, scrubText, scrubUrl } from '../../collector/ingest/privacy.ts'

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N'

describe('an address loses', () => {
  test.each([
    [
      'an e-mail address in the path',
      'https://x.example/users/ada@example.com/edit',
      'https://x.example/users/(redacted)/edit',
    ],
    ['one in the query', 'https://x.example/?q=ada@example.com&a=1', 'https://x.example/?q=(redacted)&a=1'],
    ['one in the fragment', 'https://x.example/#ada@example.com', 'https://x.example/#(redacted)'],
    ['one that is encoded', 'https://x.example/?q=ada%2Bx%40example.co.uk', 'https://x.example/?q=(redacted)'],
    ['one after a space', 'https://x.example/?q=to%20ada@example.com', 'https://x.example/?q=to%20(redacted)'],
    ['one that is encoded twice', 'https://x.example/?q=ada%2540example.com', 'https://x.example/?q=(redacted)'],
    ['a parameter named after one', 'https://x.example/?email=hidden', 'https://x.example/?email=(redacted)'],
    [
      'a parameter in brackets',
      'https://x.example/?user%5Bemail%5D=a&user[phone]=1',
      'https://x.example/?user%5Bemail%5D=(redacted)&user[phone]=(redacted)',
    ],
    [
      'a token by name',
      'https://x.example/?access_token=abc&id_token=def',
      'https://x.example/?access_token=(redacted)&id_token=(redacted)',
    ],
    [
      'a token by name in the fragment',
      'https://x.example/#access_token=abc',
      'https://x.example/#access_token=(redacted)',
    ],
    ['a session', 'https://x.example/a;jsessionid=0AAB?b=1', 'https://x.example/a;jsessionid=(redacted)?b=1'],
    ['a JSON Web Token, whatever its name', `https://x.example/?x=${JWT}`, 'https://x.example/?x=(redacted)'],
    [
      'a one-time secret',
      'https://x.example/password/reset/3f2a9bcd88aa11ff0099',
      'https://x.example/password/reset/(redacted)',
    ],
    ['name and password', 'https://ada:secret@x.example/a', 'https://x.example/a'],
    ['a card number', 'https://x.example/pay/4111111111111111', 'https://x.example/pay/(redacted)'],
    ['a card number in groups', 'https://x.example/?n=3782+822463+10005', 'https://x.example/?n=(redacted)'],
    ['a phone number with a plus', 'https://x.example/?q=%2B47%20912%2034%20567', 'https://x.example/?q=(redacted)'],
    ['a phone number in groups', 'https://x.example/?q=(555)%20123-4567', 'https://x.example/?q=(redacted)'],
  ])('%s', (_, url, scrubbed) => expect(scrubUrl(url)).toBe(scrubbed))
})

describe('an address keeps', () => {
  test.each([
    ['a plain path', 'https://shop.example/products/lamps/1'],
    [
      'what came from where',
      'https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=may-2026&gclid=Cj0KCQiA',
    ],
    ['an article number', 'https://shop.example/p/7654321098765'],
    ['sixteen digits that are no card', 'https://shop.example/p/4111111111111112'],
    ['an instant', 'https://shop.example/?t=1764000000000'],
    ['a date', 'https://shop.example/blog/2026-11-22/12-30'],
    ['a UUID', 'https://shop.example/o/01938f5e-0000-7000-8000-000000000001'],
    ['sizes', 'https://shop.example/lamp-100-200-3000'],
    ['a profile', 'https://social.example/@user.name/video'],
    ['a picture for sharp screens', 'https://shop.example/logo@2x.png'],
    ['a reset that is none', 'https://shop.example/reset/your-password-easily'],
    ['what it is, if it is no address', 'about:blank'],
  ])('%s', (_, url) => expect(scrubUrl(url)).toBe(url))
})

test.each([
  ['Your order, ada@example.com – Shop', 'Your order, (redacted) – Shop'],
  ['Call +47 912 34 567 now', 'Call (redacted) now'],
  ['Card 4111 1111 1111 1111', 'Card (redacted)'],
  ['Lamps from 1990 to 2020, 24/7', 'Lamps from 1990 to 2020, 24/7'],
])('a title: %s', (title, scrubbed) => expect(scrubText(title)).toBe(scrubbed))

test('properties that are addresses are scrubbed, and no others', () => {
  const url = 'https://x.example/?email=a'
  expect(scrubProperties({ link_url: url, page_location: url, note: url, url: 1 })).toEqual({
    link_url: 'https://x.example/?email=(redacted)',
    page_location: 'https://x.example/?email=(redacted)',
    note: url,
    url: 1,
  })
  const clean = { link_url: 'https://x.example/', price: 1 }
  expect(scrubProperties(clean)).toBe(clean)
})

const piece = fc.constantFrom(
  'a',
  '@',
  '.',
  '%40',
  '+',
  '1',
  '-',
  '(',
  '/',
  '?',
  '=',
  '&',
  'eyJ',
  'reset/',
  '%20',
  ';',
  'token',
  'ada@example.com',
)

test('scrubbing twice changes no more, and no e-mail address is left', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }).map(parts => parts.join('')),
      text => {
        const once = scrubUrl(text)
        expect(scrubUrl(once)).toBe(once)
        expect(once).not.toContain('ada@example.com')
      },
    ),
    { numRuns: 2_000 },
  )
})

test('time grows with the length of what a stranger writes, not faster', () => {
  for (const part of [
    'a',
    'a@',
    'a.',
    '+',
    '+1',
    '4-',
    '1',
    '(1)',
    '%20',
    'eyJ',
    'eyJa.',
    '/reset/',
    'a=b&',
    'a@a.',
    '%2b',
  ]) {
    const text = `https://x.example/?${part.repeat(4_096 / part.length)}@`
    const started = performance.now()
    for (let n = 0; n < 20; n++) scrubUrl(text)
    expect((performance.now() - started) / 20, part).toBeLessThan(20)
  }
})
