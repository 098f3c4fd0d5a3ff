import { expect } from 'vitest'
import { test } from './test.ts'

test('ordinary visitors never load what debugging needs', async ({ page, site }) => {
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  expect(asked.filter(url => url.includes('debug'))).toEqual([])
})

test('?leadlight_debug says of each event what became of it and why, from the first one on', async ({ page, site }) => {
  const lines: string[] = []
  page.on('console', message => lines.push(message.text().split(' {')[0]!.split(' Object')[0]!))
  site.page('/', `${site.tag()}<button data-ll-event="clicked">x</button>`)
  await page.goto(site.origin + '/?leadlight_debug')
  await site.until('page_view')
  const rows = page.locator('leadlight-debug li')
  await rows.filter({ hasText: 'page_view' }).filter({ hasText: 'accepted' }).waitFor()

  const say = async (name: string, answer: typeof site.answer, text: string) => {
    site.answer = answer
    await page.evaluate(type => {
      window.leadlight.push(['track', type, { html: '<img src=x onerror=alert(1)>' }])
      window.leadlight.push(['flush'])
    }, name)
    await rows.filter({ hasText: name }).filter({ hasText: text }).first().waitFor()
  }
  const result = { accepted: 1, duplicate: 0, quarantined: 0, dropped: [] }
  await say('known', { body: { ...result, duplicate: 1 } }, 'duplicate')
  await say('foreign', { body: { ...result, mark: 'foreign_origin' } }, `${site.origin} is none of the site’s origins`)
  await say(
    'odd',
    { body: { ...result, quarantined: 1, quarantine: [{ index: 0, reason: 'type: must be a text' }] } },
    'quarantined: type: must be a text',
  )
  await say(
    'large',
    { body: { ...result, accepted: 0, dropped: [{ index: 0, reason: 'event_too_large' }] } },
    'dropped: event_too_large',
  )
  await say(
    'unknown',
    { status: 401, body: { status: 401, detail: 'Unknown write key.' } },
    'refused (401): Unknown write key.',
  )
  await say('broken', { breaks: true }, 'no answer')
  expect(lines.filter(line => line.startsWith('[leadlight]'))).toEqual(
    expect.arrayContaining(['[leadlight] page_view: accepted', '[leadlight] large: dropped: event_too_large']),
  )
  // Nothing of an event is markup.
  expect(await page.locator('leadlight-debug img').count()).toBe(0)
})

test('a second tag of another key or collector is named', async ({ page, site }) => {
  const others = page.locator('leadlight-debug li', { hasText: 'Other tag' })
  site.page('/', site.tag() + site.tag())
  await page.goto(site.origin + '/?leadlight_debug')
  await page.locator('leadlight-debug li', { hasText: 'accepted' }).waitFor()
  expect(await others.count()).toBe(0)
  site.page('/', site.tag() + site.tag().replace('wk_test', 'wk_other'))
  await page.reload()
  await others.filter({ hasText: `wk_test at ${site.collector} and for wk_other at ${site.collector}` }).waitFor()
})

test('what a policy forbids is named', async ({ page, site }) => {
  site.page(
    '/',
    `<meta http-equiv="content-security-policy" content="connect-src 'none'; style-src 'none'">${site.tag()}`,
  )
  await page.goto(site.origin + '/?leadlight_debug')
  await page
    .locator('leadlight-debug li', { hasText: `add ${site.collector}/e` })
    .filter({ hasText: 'connect-src' })
    .first()
    .waitFor()
})

test('where what debugging needs is blocked, tracking goes on', async ({ page, site }) => {
  await page.route('**/leadlight-debug.js', route => route.abort())
  site.page('/', site.tag())
  const errors: unknown[] = []
  page.on('pageerror', error => errors.push(error))
  await page.goto(site.origin + '/?leadlight_debug')
  await site.until('page_view')
})
