import { describe, expect, test } from 'vitest'
import { enrich, eventTime, type Circumstances } from '../../collector/ingest/enrich.ts'
import { DAY, HOUR, MINUTE } from '../../shared/instant.ts'
import type { Properties } from '../../shared/json.ts'

const NOON = 1_764_000_000_000
const browser: Circumstances = { receivedAt: NOON, sentAt: NOON, provenance: 'browser', mark: null }
const server: Circumstances = { ...browser, provenance: 'server' }
const ID = '01938f5e-0000-7000-8000-000000000001'

describe('event time is the collector’s', () => {
  test.each([
    ['a right clock is believed', { happened: NOON - MINUTE, ...browser }, NOON - MINUTE],
    [
      'a clock two hours ahead is corrected',
      { happened: NOON + 2 * HOUR - MINUTE, ...browser, sentAt: NOON + 2 * HOUR },
      NOON - MINUTE,
    ],
    ['a clock a year behind is corrected', { happened: NOON - 365 * DAY, ...browser, sentAt: NOON - 365 * DAY }, NOON],
    ['nothing happened after it was sent', { happened: NOON + HOUR, ...browser }, NOON],
    ['nothing of a browser is older than 30 days', { happened: NOON - 90 * DAY, ...browser }, NOON - 30 * DAY],
    ['a server may tell of any past time', { happened: NOON - 900 * DAY, ...server }, NOON - 900 * DAY],
    ['but not of the future', { happened: NOON + DAY, ...server }, NOON],
  ])('%s', (_, { happened, ...circumstances }, expected) => expect(eventTime(happened, circumstances)).toBe(expected))
})

describe('a touch says where a page view came from', () => {
  const touch = (url: string, referrer?: string) =>
    enrich({ id: ID, type: 'page_view', at: NOON, url, ...(referrer && { referrer }) }, browser).touch

  test.each([
    [
      'a campaign',
      'https://shop.example/a?utm_source=news&utm_medium=email&utm_campaign=may',
      undefined,
      'news',
      'email',
      'may',
    ],
    ['an ad, by its click id', 'https://shop.example/?gclid=1', 'https://www.google.com/', 'google', 'cpc', undefined],
    [
      'utm parameters beat the click id',
      'https://shop.example/?gclid=1&utm_source=maps&utm_medium=local',
      undefined,
      'maps',
      'local',
      undefined,
    ],
    [
      'a search engine of any country',
      'https://shop.example/',
      'https://www.google.co.uk/',
      'google',
      'organic',
      undefined,
    ],
    ['a Norwegian one', 'https://shop.example/', 'https://www.kvasir.no/alle?q=lampe', 'kvasir', 'organic', undefined],
    ['a social network', 'https://shop.example/', 'https://l.facebook.com/l.php', 'facebook', 'social', undefined],
    ['an assistant', 'https://shop.example/', 'https://chatgpt.com/', 'chatgpt', 'ai', undefined],
    ['any other site', 'https://shop.example/', 'https://www.blog.example/post', 'blog.example', 'referral', undefined],
    [
      'a host that only looks like one',
      'https://shop.example/',
      'https://notgoogle.com/',
      'notgoogle.com',
      'referral',
      undefined,
    ],
  ])('%s', (_, url, referrer, source, medium, campaign) => {
    expect(touch(url, referrer)).toMatchObject({ source, medium, ...(campaign && { campaign }) })
  })

  test.each([
    ['a page of the same site', 'https://shop.example/a', 'https://shop.example/'],
    ['nothing at all', 'https://shop.example/a', undefined],
    ['an address that is none', 'javascript:alert(1)', 'https://www.google.com/'],
  ])('%s is no touch', (_, url, referrer) => expect(touch(url, referrer)).toBeUndefined())
})

describe('a form is kept as what it is for', () => {
  const form = (properties: Properties) => enrich({ id: ID, type: 'form_submit', at: NOON, properties }, browser)

  test.each([
    ['newsletter', 'sign_up'],
    ['contact', 'contact'],
    ['quote', 'request_quote'],
    ['demo', 'request_demo'],
    ['survey', 'form_submit'],
    ['__proto__', 'form_submit'],
    [42, 'form_submit'],
  ])('%s → %s', (form_kind, type) => expect(form({ form_kind }).type).toBe(type))

  test('with its kind kept, and the method of a sign-up', () => {
    expect(form({ form_kind: 'newsletter', form_id: 'f' }).properties).toEqual({
      method: 'newsletter',
      form_kind: 'newsletter',
      form_id: 'f',
    })
  })
})

test('nothing that an address gives away of a person is kept', () => {
  const event = enrich(
    {
      id: ID,
      type: 'page_view',
      at: NOON,
      url: 'https://shop.example/users/ada@example.com?utm_source=ada%40example.com&token=abc',
      referrer: 'https://mail.example/inbox?login=ada',
      title: 'Inbox of ada@example.com',
      properties: { link_url: 'https://x.example/?email=ada', note: 'ada@example.com' },
    },
    browser,
  )
  expect(event).toMatchObject({
    url: 'https://shop.example/users/(redacted)?utm_source=(redacted)&token=(redacted)',
    referrer: 'https://mail.example/inbox?login=ada',
    title: 'Inbox of (redacted)',
    properties: { link_url: 'https://x.example/?email=(redacted)', note: 'ada@example.com' },
    touch: { source: '(redacted)', landing_page: '/users/(redacted)' },
  })
})
