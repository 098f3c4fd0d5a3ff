import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import { test } from './test.ts'

/** A page of 4,000 px on a clock that only the test moves. */
async function open(page: Page, site: Site, html = ''): Promise<void> {
  await page.clock.install()
  await page.setViewportSize({ width: 800, height: 1_000 })
  site.page('/', `<style>body { margin: 0; height: 4000px }</style>${site.tag()}${html}`)
  await page.goto(site.origin)
  await page.waitForFunction(() => 'track' in window.leadlight)
  await page.clock.runFor(100)
  await site.until('page_view')
}

/** Scrolls, and waits for the browser to say so. */
const scroll = (page: Page, to: number) =>
  page.evaluate(async y => {
    const scrolled = new Promise(resolve => addEventListener('scroll', resolve, { once: true }))
    const moves = y !== scrollY
    scrollTo(0, y)
    if (moves) await scrolled
  }, to)

/** The page's clock runs on by itself as well, while the test is busy. */
function expectSeconds(milliseconds: number, seconds: number): void {
  expect(milliseconds / 1_000).toBeGreaterThan(seconds - 1)
  expect(milliseconds / 1_000).toBeLessThan(seconds + 4)
}

const engaged = (site: Site) => site.events('user_engagement').map(event => Number(event.properties!['engaged_ms']))

test('a page counts as read for 30 s after the last sign of life; then it is said, and nothing more', async ({
  page,
  site,
}) => {
  await open(page, site)
  await page.clock.runFor(20_000)
  await page.mouse.move(5, 5)
  await page.clock.runFor(25_000)
  expect(engaged(site)).toEqual([])
  await page.clock.runFor(7_000)
  await site.until('user_engagement')
  expectSeconds(engaged(site)[0]!, 50)
  await page.clock.runFor(3_600_000)
  await page.close({ runBeforeUnload: true })
  expect(engaged(site)).toHaveLength(1)
})

test('time adds up over the periods of a view', async ({ page, site }) => {
  await open(page, site)
  await page.clock.runFor(40_000)
  await site.until('user_engagement')
  await page.clock.runFor(600_000)
  await page.keyboard.press('Shift')
  await page.clock.runFor(40_000)
  const events = await site.until('user_engagement', 2)
  expectSeconds(engaged(site)[1]!, 60)
  expect(events[0]!.view).toBe(events[1]!.view)
})

test('a page that is left, hidden or shown, says its time at once', async ({ page, site }) => {
  await open(page, site)
  await page.clock.runFor(7_000)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
  await site.until('user_engagement')
  expectSeconds(engaged(site)[0]!, 7)
  await page.clock.runFor(60_000)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
  await page.clock.runFor(3_000)
  await page.close({ runBeforeUnload: true })
  await site.until('user_engagement', 2)
  expectSeconds(engaged(site)[1]!, 10)
})

test('the focus of a frame is the focus of the page', async ({ page, site }) => {
  await open(page, site, '<iframe srcdoc="<input>"></iframe>')
  await page.clock.runFor(1_000)
  await page.frameLocator('iframe').locator('input').click()
  await page.clock.runFor(9_000)
  expect(engaged(site)).toEqual([])
  await page.close({ runBeforeUnload: true })
  await site.until('user_engagement')
  expect(engaged(site)[0]).toBeGreaterThan(9_500)
})

test('a page without focus is not read', async ({ page, site }) => {
  await page.addInitScript(() => Object.assign(document, { hasFocus: () => false }))
  await open(page, site)
  await page.mouse.move(5, 5)
  await page.clock.runFor(60_000)
  await page.evaluate(() => window.leadlight.push(['track', 'end']))
  await page.clock.runFor(2_000)
  await site.until('end')
  expect(engaged(site)).toEqual([])
})

test('depth is how far down was seen, and is not lost by going up again', async ({ page, site }) => {
  await open(page, site)
  for (const [to, depth] of [
    [0, 25],
    [1_000, 50],
    [0, 50],
    [3_000, 100],
  ] as const) {
    await page.mouse.move(to / 100, 5)
    await scroll(page, to)
    const before = site.events('user_engagement').length
    await page.clock.runFor(31_000)
    const events = await site.until('user_engagement', before + 1)
    expect(events.at(-1)!.properties!['percent_scrolled']).toBe(depth)
  }
})

test('each view has time and depth of its own', async ({ page, site }) => {
  await open(page, site)
  await scroll(page, 3_000)
  await page.clock.runFor(10_000)
  await page.evaluate(() => {
    history.pushState(null, '', '/next')
    scrollTo(0, 0)
  })
  await page.clock.runFor(100)
  await page.clock.runFor(35_000)
  const [first, second] = await site.until('user_engagement', 2)
  expect(first!.properties!['percent_scrolled']).toBe(100)
  expect(second!.properties!['percent_scrolled']).toBe(25)
  expectSeconds(engaged(site)[0]!, 10)
  expectSeconds(engaged(site)[1]!, 30)
  const views = site.events('page_view').map(view => view.view)
  expect([first!.view, second!.view]).toEqual(views)
})
