import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import { settled, test } from './test.ts'

async function open(page: Page, site: Site, attributes = ''): Promise<void> {
  site.page('/', site.tag(attributes))
  await page.goto(site.origin)
  await page.waitForFunction(() => 'track' in window.leadlight)
  await wait(300)
}

const consent = (page: Page, state: 'granted' | 'denied') =>
  page.evaluate(given => window.leadlight.push(['consent', given]), state)

const stored = (page: Page) =>
  page.evaluate(
    () => document.cookie + JSON.stringify([...Object.entries(localStorage), ...Object.entries(sessionStorage)]),
  )

test('data-consent="required": nothing is sent or stored before it is given, and nothing is lost', async ({
  page,
  site,
}) => {
  await open(page, site, 'data-consent="required"')
  await page.evaluate(() => window.leadlight.push(['track', 'early']))
  await settled()
  expect(site.received).toEqual([])
  expect(await stored(page)).toBe('[]')
  await consent(page, 'granted')
  const [view] = await site.until('page_view')
  const [early] = await site.until('early')
  expect([view!.seq, early!.seq]).toEqual([0, 1])
  expect(site.received[0]!.batch.consent).toBe('granted')
  expect(await stored(page)).toMatch(/^leadlight=/)
})

test('an answer is remembered: granted needs no second one', async ({ page, site }) => {
  await open(page, site, 'data-consent="required"')
  await consent(page, 'granted')
  await site.until('page_view')
  await open(page, site, 'data-consent="required"')
  await site.until('page_view', 2)
  expect(new Set(site.received.map(({ batch }) => batch.visitor)).size).toBe(1)
})

test('a refusal forgets the visitor and what waits, tells the collector once, and is remembered', async ({
  page,
  site,
}) => {
  await open(page, site)
  await site.until('page_view')
  await page.evaluate(() => {
    window.leadlight.push(['track', 'waiting'])
    window.leadlight.push(['consent', 'denied'])
    window.leadlight.push(['reset'])
    window.leadlight.push(['identify', '42', { email: 'ada@example.org' }])
    window.leadlight.push(['track', 'later'])
  })
  await settled()
  await open(page, site)
  await settled()
  expect(site.events().map(event => event.type)).toEqual(['page_view'])
  expect(site.received.slice(1).map(({ batch }) => batch)).toEqual([
    {
      v: 1,
      key: 'wk_test',
      visitor: site.received[0]!.batch.visitor,
      consent: 'denied',
      sent_at: expect.any(Number),
      events: [],
    },
  ])
  expect(await stored(page)).not.toContain(site.received[0]!.batch.visitor)
  expect(await stored(page)).toMatch(/^leadlight=\.\.\.denied\.\w+\[\["leadlight","\.\.\.denied\.\w+"\]\]$/)
})

test('who refuses at once is never heard of', async ({ page, site }) => {
  site.page('/', `<script>leadlight = [['consent', 'denied'], ['track', 'x']]</script>${site.tag()}`)
  await page.goto(site.origin)
  await settled()
  expect(site.received).toEqual([])
})

test('who comes to agree is somebody new, from the page that is open on', async ({ page, site }) => {
  await open(page, site)
  await site.until('page_view')
  await consent(page, 'denied')
  await page.evaluate(() => window.leadlight.push(['track', 'between']))
  await settled()
  await consent(page, 'granted')
  await site.until('page_view', 2)
  await settled()
  expect(site.events('between')).toEqual([])
  const ids = site.received.map(({ batch }) => batch.visitor)
  expect(ids.at(-1)).not.toBe(ids[0])
})

test.for([
  [true, 0],
  [false, 1],
  [undefined, 1],
] as const)('Global Privacy Control %s: %i views without being asked', async ([signal, views], { page, site }) => {
  await page.addInitScript(
    given =>
      Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => given, configurable: true }),
    signal,
  )
  await open(page, site)
  expect(site.events('page_view')).toHaveLength(views)
  if (views) return
  expect(await stored(page)).toBe('[]')
  await consent(page, 'granted')
  await site.until('page_view')
})

test('a refusal in one tab holds in the others', async ({ context, page, site }) => {
  await open(page, site)
  const other = await context.newPage()
  await open(other, site)
  await site.until('page_view', 2)
  await consent(page, 'denied')
  await wait(200)
  await other.evaluate(() => window.leadlight.push(['track', 'late']))
  await settled()
  expect(site.events('late')).toEqual([])
})

test('data-mode="measure": events arrive, but nothing is stored, nobody is known and no two views are linked', async ({
  page,
  site,
}) => {
  for (const path of ['/', '/next'])
    site.page(
      path,
      `${site.tag('data-mode="measure" data-email="on"')}<form onsubmit="return false"><input type="email" name="email"><button>go</button></form>`,
    )
  await page.goto(site.origin)
  await site.until('page_view')
  await page.fill('input', 'ada@example.org')
  await page.click('button')
  await page.evaluate(() => {
    window.leadlight.push(['identify', '42', { email: 'ada@example.org' }])
    window.leadlight.push(['group', '7', { email: 'ada@example.org' }])
    window.leadlight.push(['consent', 'granted'])
    window.leadlight.push(['track', 'add_to_cart', { item_id: 'A1' }])
    history.pushState(null, '', '/next')
  })
  await site.until('page_view', 2)
  await page.reload()
  await site.until('page_view', 3)
  await site.until('form_submit')
  expect(await stored(page)).toBe('[]')
  expect(JSON.stringify(site.received)).not.toMatch(/ada@|"42"/)
  expect(site.events('add_to_cart')).toHaveLength(1)
  for (const { batch } of site.received) for (const { view } of batch.events) expect(batch.visitor).toBe(view)
  expect(new Set(site.events('page_view').map(({ view }) => view)).size).toBe(3)
})
