import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ThresholdRow } from '../../../shared/backtest.ts'
import type { TestCollector } from '../../collector.ts'
import { PASSWORD } from '../../dashboard/browserless.ts'
import { decidedCollector } from '../../dashboard/decided.ts'
import { launch } from '../chromium.ts'

// The threshold as one moves it, and points as one accepts them, in a real browser.

let collector: TestCollector
let browser: Browser
let page: Page
const refused: string[] = []
const requests: string[] = []
beforeAll(async () => {
  collector = await decidedCollector(120)
  browser = await launch()
  page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  page.on('console', message => message.type() === 'error' && refused.push(message.text()))
  page.on('pageerror', error => refused.push(error.message))
  page.on('request', request => request.url().endsWith('.svg') || requests.push(request.url()))
  await page.goto(collector.loginLink!)
  await page.fill('#password', PASSWORD)
  await page.click('button.primary')
  await page.waitForURL('**/home')
})
afterAll(async () => {
  await browser.close()
  await collector.close()
})

interface Told {
  thresholds: { threshold: number; flagged: number; flagged_per_week: number; recall: ThresholdRow['recall'] }[]
  capacity: { threshold: number }
}
const backtest = (body: object = {}): Promise<Told> => collector.ask('/v1/models/1/backtest', body)
const figure = (name: string): Promise<string | null> =>
  page.textContent(`.figures > div:has(dt:text-is("${name}")) strong`)
const isShown = async ({ threshold, flagged, recall }: Told['thresholds'][number]): Promise<void> => {
  const at = String(threshold)
  expect(await page.inputValue('.slider')).toBe(at)
  expect(await page.inputValue('#at')).toBe(at)
  expect(await page.inputValue('[name="gte"]')).toBe(at)
  expect(await figure('Flagged')).toBe(String(flagged))
  expect(await figure('Recall')).toBe(`${Math.round(recall.rate! * 100)}%`)
  await page.waitForURL(`**/backtest?at=${at}`)
}

test('every figure follows the slider and the number box at once, and nothing is asked of the collector', async () => {
  const { thresholds } = await backtest()
  await page.goto(`${collector.url}/scoring/1/backtest`)
  const before = requests.length
  await page.focus('.slider')
  await page.keyboard.press('Home')
  await isShown(thresholds[0]!)
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowRight')
  await isShown(thresholds[3]!)
  expect(await page.getAttribute('.slider', 'aria-valuetext')).toMatch(/^13; A week [\d.]+; Precision \d+%$/)
  const marked = await page.getAttribute('[data-mark]', 'x1')
  expect(parseFloat(marked!)).toBeCloseTo(300 / thresholds.length, 6)
  await page.keyboard.press('End')
  expect(await figure('Flagged')).toBe('0')
  await page.fill('#at', String(thresholds[7]!.threshold))
  await isShown(thresholds[7]!)
  await page.fill('#at', '') // while somebody types
  await page.fill('#at', String(thresholds[8]!.threshold))
  await isShown(thresholds[8]!)
  await page.click('[data-at]')
  const offered = (await page.getAttribute('[data-at]', 'data-at'))!
  expect(await page.inputValue('.slider')).toBe(offered)
  expect(requests.slice(before)).toEqual([])
  await page.waitForURL(`**/backtest?at=${offered}`)
  await page.reload()
  expect(await page.inputValue('#at')).toBe(offered)
})

test('what the team can take finds the threshold, the same as the API', async () => {
  await page.goto(`${collector.url}/scoring/1/backtest`)
  const { thresholds } = await backtest()
  const bounds = thresholds.map(row => row.flagged_per_week)
  for (const perWeek of [0, 1.5, 4, ...bounds.slice(0, 12), 10_000]) {
    await page.fill('#per-week', String(perWeek))
    const { capacity } = await backtest({ per_week: perWeek })
    expect(await page.inputValue('#at'), String(perWeek)).toBe(String(capacity.threshold))
  }
})

test('by keyboard alone: find the threshold for the team, publish it, accept a rule’s points into a draft', async () => {
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
    }
    throw new Error(`The focus never came to ${selector}.`)
  }
  await page.goto(`${collector.url}/scoring`)
  await tabTo('a[href="/scoring/1/backtest"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/backtest')
  await tabTo('#per-week')
  await page.keyboard.type('3')
  const wanted = await page.inputValue('#at')
  expect(wanted).toBe(String((await backtest({ per_week: 3 })).capacity.threshold))
  await tabTo('button[name="publish"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/scoring')
  const live = await collector.ask<{ status: string; document: object }>('/v1/models/2')
  expect(live.status).toBe('live')
  expect(JSON.stringify(live.document)).toContain(`{"score":"total","gte":${wanted}}`)

  await tabTo('a[href="/scoring/2/suggestions"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/suggestions')
  await tabTo('input[type="checkbox"]')
  await page.keyboard.press('Space')
  await tabTo('button.primary')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/scoring/3')
  expect(await page.textContent('main')).toContain('Different from version 2')
})

test('accessible and no wider than a small telephone, in light and dark', async () => {
  for (const path of ['/scoring/1/backtest', '/scoring/1/suggestions', '/scoring/3/backtest'])
    for (const theme of ['light', 'dark']) {
      const value = `language=${theme === 'dark' ? 'pl' : 'en'}&theme=${theme}`
      await page.context().addCookies([{ name: 'leadlight-preferences', value, url: collector.url }])
      await page.setViewportSize({ width: 320, height: 640 })
      await page.goto(collector.url + path)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(320)
      await page.setViewportSize({ width: 1200, height: 900 })
      await page.evaluate(() => document.querySelectorAll('details').forEach(part => (part.open = true)))
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
      const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze()
      expect(
        violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]),
        `${path}, ${theme}`,
      ).toEqual([])
    }
  expect(refused).toEqual([])
})
