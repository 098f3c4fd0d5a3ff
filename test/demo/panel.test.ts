import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch } from '../browser/chromium.ts'
import { testCollector, type TestCollector } from '../collector.ts'

// The live panel in a real browser, over a real collector: what a visitor reads at the side of the shop.

let collector: TestCollector
let browser: Browser

beforeAll(async () => {
  collector = await testCollector({ '--demo': 'true' })
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
  await collector.close()
})

/** A new visitor, and what the browser complained of. */
async function visitor(): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1360, height: 900 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', error => complaints.push(error.message))
  return { page, complaints }
}

const panel = (page: Page, part: string) => page.locator(`[data-panel="${part}"]`)

test('a visitor watches themselves become an MQL, and every number adds up', async () => {
  const { page, complaints } = await visitor()
  await page.goto(`${collector.url}/demo?utm_source=google&utm_medium=cpc&utm_campaign=autumn_lamps`)
  await panel(page, 'events').getByText('from google / cpc / autumn_lamps').waitFor()
  expect(await panel(page, 'stages').locator('[aria-current=step]').textContent()).toBe('Visitor')

  await page.locator('.cards a').first().click()
  await page.locator('.product [data-add]').click()
  await panel(page, 'events').getByText('add_to_cart').waitFor()
  await panel(page, 'why').getByText('cart', { exact: true }).waitFor()
  expect(await panel(page, 'next').textContent()).toMatch('Missing for')

  await page.goto(`${collector.url}/demo/quote`)
  await page.getByText('Fill in as Ada').click()
  await page.getByRole('button', { name: 'Ask for a quote' }).click()
  await page.waitForURL('**/demo/thanks/quote')
  await panel(page, 'joy').getByText('MQL reached').waitFor()
  expect(await panel(page, 'stages').locator('[aria-current=step]').textContent()).toBe('MQL')
  await panel(page, 'events').getByText('request_quote').waitFor()

  // Read at one instant, as the panel may be redrawn in between.
  const { rows, total, rules } = await panel(page, 'why').evaluate(section => {
    const points = (within: Element, which: string) =>
      [...within.querySelectorAll(which)].map(({ textContent }) =>
        Math.round(Number(textContent.replace('−', '-')) * 1000),
      )
    return {
      rows: points(section, '.lines > :not(.total) .row .points'),
      total: points(section, '.total .points')[0],
      rules: [...section.querySelectorAll('details')].map(rule => points(rule, '.points')),
    }
  })
  const sum = (numbers: number[]) => numbers.reduce((whole, one) => whole + one, 0)
  expect(rows.length).toBeGreaterThanOrEqual(3)
  expect(sum(rows)).toBe(total)
  for (const [rule, ...events] of rules) expect(sum(events)).toBe(rule)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('what a hostile link says is read as text', async () => {
  const { page, complaints } = await visitor()
  const hostile = '<img src=x onerror=alert(1)>'
  await page.goto(`${collector.url}/demo?utm_source=${encodeURIComponent(hostile)}&utm_medium=email`)
  await panel(page, 'events').getByText(hostile).waitFor()
  expect(await page.locator('#panel img').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})

for (const [what, blocked, advice] of [
  ['the script', '**/leadlight.js', 'leadlight.js did not run'],
  ['the endpoint', '**/e', 'though the script runs'],
] as const)
  test(`when ${what} is blocked, the panel says so after five seconds`, async () => {
    const { page } = await visitor()
    await page.route(blocked, route => route.abort())
    // Standing still, so that a slow machine cannot let more time pass than is told here.
    await page.clock.install({ time: 0 })
    await page.clock.pauseAt(1_000)
    await page.goto(`${collector.url}/demo`)
    await page.clock.runFor(4_900)
    expect(await panel(page, 'trouble').isVisible()).toBe(false)
    await page.clock.runFor(200)
    expect(await panel(page, 'trouble').textContent()).toContain(advice)
    await page.context().close()
  })

test('whoever starts over is somebody else', async () => {
  const { page } = await visitor()
  await page.goto(`${collector.url}/demo/products/rand`)
  await page.locator('.product [data-add]').click()
  await panel(page, 'why').getByText('cart', { exact: true }).waitFor()
  await panel(page, 'again').click()
  await page.waitForURL('**/demo')
  await panel(page, 'events').getByText('page_view').waitFor()
  expect(await panel(page, 'events').textContent()).not.toMatch('add_to_cart')
  expect(await page.locator('[data-cart="count"]').isVisible()).toBe(false)
  await page.context().close()
})
