import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCollector, type TestCollector } from '../../collector.ts'
import { PASSWORD } from '../../dashboard/browserless.ts'
import { launch } from '../chromium.ts'

// From the link on the terminal to the first event, doing only what the screen says.

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

test('the first event appears by itself, in six steps and no typing but a password', async () => {
  const context = await browser.newContext({ locale: 'en-US', userAgent: HUMAN })
  const page = await context.newPage()
  await page.goto(collector.loginLink!)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password and sign in' }).click()
  await page.getByRole('link', { name: 'See what arrives' }).click()
  await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor()
  const shop = context.waitForEvent('page')
  await page.getByRole('link', { name: /^Open .*\/demo$/ }).click()
  const opened = await shop
  await opened.waitForLoadState()
  expect(new URL(opened.url()).pathname).toBe('/demo')
  await page.bringToFront()
  await page.getByRole('heading', { name: 'It works' }).waitFor()
  await page.getByText('As it is kept').click()
  expect(await page.locator('.raw code').textContent()).toContain('"type": "page_view"')
  await context.close()
})

/** Headless browsers say that they are machines. */
const HUMAN = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
