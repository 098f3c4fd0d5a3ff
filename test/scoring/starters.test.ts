import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readModel } from '../../collector/scoring/model.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { RUNS } from './arbitrary.ts'
import { days, happened, hours, judged, minutes, NOON, said, saw } from './history.ts'

const { shop, content } = STARTERS

for (const [name, starter] of Object.entries(STARTERS))
  test(`the starter ${name} is a valid model`, () => expect(readModel(starter)).toEqual(starter))

const cart = (item_id: string, at: number) => happened('add_to_cart', at, { item_id })
const paper = (file_extension: string) => happened('file_download', NOON, { file_extension, file_name: '/paper' })

// "Open the site 10, add to cart 20", and what goes with it.
for (const [name, points, events] of [
  ['open the site', 10, [saw('/')]],
  ['go on to other pages of it', 10, [saw('/', minutes(0)), saw('/lamps', minutes(1))]],
  ['put something in the cart', 20, [cart('A', minutes(0))]],
  ['the same thing twice', 20, [cart('A', minutes(0)), cart('A', minutes(1))]],
  ['and take it out again', 0, [cart('A', minutes(0)), happened('remove_from_cart', minutes(1), { item_id: 'A' })]],
  ['put it on the wishlist', 10, [happened('add_to_wishlist', NOON, { item_id: 'A' })]],
  [
    'look around for three minutes and a half',
    3,
    [happened('user_engagement', NOON, { engaged_ms: 210_000 }, { view: 'a' })],
  ],
  ['or for an hour', 5, [happened('user_engagement', NOON, { engaged_ms: 3_600_000 }, { view: 'a' })]],
  ['download a PDF', 15, [paper('pdf')]],
  ['or an e-book', 15, [paper('epub')]],
  ['but not a picture', 0, [paper('jpg')]],
  ['subscribe to the newsletter', 10, [happened('sign_up', NOON, { method: 'newsletter' })]],
  ['write to us', 15, [happened('contact', NOON, { form_kind: 'contact' })]],
  ['ask for a quote', 25, [happened('request_quote')]],
  ['look for a job', 0, [saw('/careers', NOON)]],
] as [string, number, StoredEvent[]][])
  test(`shop: ${name}: ${points}`, () => expect(judged(shop, events, hours(0)).profile.score).toBeCloseTo(points, 1))

// "Read a blog post 10, fill in a form 20, from a wanted company or area 30".
for (const [name, points, events] of [
  ['read an article', 10, [saw('/blog/light')]],
  ['read it twice on one day', 10, [saw('/blog/light', minutes(0)), saw('/blog/light', minutes(1))]],
  ['read two', 20, [saw('/blog/light', minutes(0)), saw('/en/blog/shade', minutes(1))]],
  ['see the front page', 0, [saw('/')]],
  ['fill in a form', 20, [happened('form_submit', NOON)]],
  ['of a kind that was recognised', 20, [happened('request_demo', NOON, { form_kind: 'demo' })]],
  ['come from a wanted area', 30, [said({ country: 'NO' })]],
  ['come from a wanted company', 30, [said({ company: 'Example Ltd' })]],
  ['come from elsewhere', 0, [said({ country: 'FR', company: 'Other' })]],
  ['all of it', 60, [saw('/blog/light'), happened('form_submit', NOON), said({ country: 'NO' })]],
] as [string, number, StoredEvent[]][])
  test(`content: ${name}: ${points}`, () =>
    expect(judged(content, events, hours(0)).profile.score).toBeCloseTo(points, 1))

test('shop: visitor, subscriber, lead, MQL', () => {
  const events = [
    saw('/', minutes(0)),
    happened('sign_up', minutes(1), { method: 'newsletter' }),
    said({ email: 'ada@example.com', company: 'Berg & Strand' }, minutes(2)),
    cart('A', minutes(3)),
  ]
  const { transitions } = judged(shop, events, minutes(4))
  expect(transitions.map(({ to, effectiveAt }) => [to, effectiveAt])).toEqual([
    ['subscriber', minutes(1)],
    ['lead', minutes(2)],
  ])
  expect(judged(shop, [...events, cart('B', minutes(5))], minutes(6)).standing.stage).toBe('mql')
})

test('an address and points alone make no MQL: somebody must have shown that they want to buy', () => {
  const eager = [0, 1, 2].flatMap(day => [saw('/', days(day)), happened('contact', days(day))])
  const { profile, standing } = judged(
    shop,
    [...eager, said({ email: 'ada@example.com', company: 'Acme' }, days(2))],
    days(2),
  )
  expect(profile.score).toBeGreaterThan(50)
  expect(standing.stage).toBe('lead')
})

test('whoever merely browses is never an MQL, however long, in either model', () => {
  const browsing = fc.array(
    fc.record({
      type: fc.constantFrom(
        'page_view',
        'user_engagement',
        'view_item',
        'view_item_list',
        'search',
        'scroll',
        'sign_up',
        'identify',
      ),
      at: fc.integer({ min: NOON, max: days(20) }),
      path: fc.constantFrom('/', '/lamps/1', '/blog/light', '/pricing'),
      visitor: fc.constantFrom('phone', 'laptop'),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(browsing, steps => {
      const events = steps.map(({ type, at, path, visitor }, index) =>
        happened(
          type,
          at,
          type === 'user_engagement'
            ? { engaged_ms: 600_000 }
            : type === 'identify'
              ? { traits: { email: 'ada@example.com', country: 'NO', company: 'Example Ltd' } }
              : {},
          { url: `https://shop.example${path}`, visitor, view: `view ${index}` },
        ),
      )
      for (const starter of Object.values(STARTERS))
        expect(judged(starter, events, days(20)).standing.stage).not.toBe('mql')
    }),
    { numRuns: RUNS },
  )
})
