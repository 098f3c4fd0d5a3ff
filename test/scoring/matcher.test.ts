import { expect, test } from 'vitest'
import { field } from '../../collector/scoring/field.ts'
import { compileMatcher } from '../../collector/scoring/matcher.ts'
import type { Json } from '../../shared/json.ts'
import type { Matcher } from '../../shared/model.ts'
import { happened, NOON } from './history.ts'

for (const [matcher, fits, others] of [
  ['a', ['a'], ['A', 'ab', null, 1]],
  [3, [3], ['3', 4, null]],
  [true, [true], ['true', 1, false, null]],
  [null, [null], ['', 0, false]],
  [{ eq: 'a' }, ['a'], ['b', null]],
  [{ ne: 'a' }, ['b', 1], ['a', null]],
  [{ in: ['a', 1] }, ['a', 1], ['b', '1', null]],
  [{ prefix: '/a' }, ['/a', '/ab'], ['b/a', 1, null]],
  [{ suffix: 'z' }, ['z', 'az'], ['za', null]],
  [{ contains: 'b' }, ['abc'], ['ac', ['b'], null]],
  [{ glob: '/blog/*' }, ['/blog/', '/blog/a/b'], ['/blog', 'x/blog/a', null, 3]],
  [{ glob: '*/blog/*.html' }, ['/en/blog/a.html', '/blog/.html'], ['/blog/a.htm', '/blog.html']],
  [{ glob: 'a*b*c' }, ['abc', 'a1b2c', 'abbcc'], ['acb', 'ab', 'xabc', 'ac']],
  [{ glob: 'a*a' }, ['aa', 'aba'], ['a']],
  [{ glob: 'a.c' }, ['a.c'], ['abc']],
  [{ glob: '*' }, ['', 'anything'], [null]],
  [{ gt: 5 }, [6, '6', ' 5.5 '], [5, '5', 'six', '', null, true]],
  [{ gte: 5 }, [5, '5'], [4.9, null]],
  [{ lt: 5 }, [4, '-1'], [5, '', null]],
  [{ lte: 5 }, [5], [5.1, null]],
  [{ gte: 10, lt: 20 }, [10, 19.9], [9, 20]],
  [{ exists: true }, ['', 0, false], [null]],
  [{ exists: false }, [null], ['', 0, false]],
] as [Matcher, Json[], Json[]][])
  test(`${JSON.stringify(matcher)} fits ${JSON.stringify(fits)}, not ${JSON.stringify(others)}`, () => {
    const matches = compileMatcher(matcher)
    expect(fits.filter(value => !matches(value))).toEqual([])
    expect(others.filter(matches)).toEqual([])
  })

test('no pattern and no value can stall the collector', () => {
  const matches = compileMatcher({ glob: '*a'.repeat(100) })
  const began = performance.now()
  expect(matches(`${'a'.repeat(99)}${'b'.repeat(32_000)}`)).toBe(false)
  expect(performance.now() - began).toBeLessThan(100)
})

const event = happened(
  'view_item',
  NOON,
  { item_id: 'A', path: 'own', items: [{ item_id: 'B', item_brand: 'Skumring' }, { item_brand: 'other' }] },
  {
    url: 'https://user@Shop.Example:8080/lamps/1?a=/b#c',
    title: 'Lamp',
    referrer: 'https://news.example/',
    touch: { at: NOON, source: 'google', medium: 'cpc', campaign: 'spring' },
  },
)

for (const [name, value] of [
  ['type', 'view_item'],
  ['url', 'https://user@Shop.Example:8080/lamps/1?a=/b#c'],
  ['host', 'shop.example:8080'],
  ['path', '/lamps/1'],
  ['title', 'Lamp'],
  ['referrer', 'https://news.example/'],
  ['source', 'google'],
  ['medium', 'cpc'],
  ['campaign', 'spring'],
  ['item_id', 'A'],
  ['item_brand', 'Skumring'],
  ['nothing', null],
  ['constructor', null],
  ['__proto__', null],
] as const)
  test(`the field ${name} of an event is ${value}`, () => expect(field(event, name)).toBe(value))

for (const [url, path, host] of [
  ['https://shop.example', '/', 'shop.example'],
  ['https://shop.example?a=b', '/', 'shop.example'],
  ['/lamps?a', '/lamps', null],
  ['not a url', 'not a url', null],
  ['', '/', null],
] as const)
  test(`the path of ${JSON.stringify(url)} is ${path}, its host ${host}`, () => {
    const seen = happened('page_view', NOON, {}, { url })
    expect([field(seen, 'path'), field(seen, 'host')]).toEqual([path, host])
  })

test('without an address, a property may say the path', () => {
  expect(field(happened('page_view', NOON, { path: '/pricing' }), 'path')).toBe('/pricing')
})
