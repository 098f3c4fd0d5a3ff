import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect, test as base } from 'vitest'
import type { WireEvent } from '../../../shared/event.ts'
import { launch } from '../chromium.ts'
import { openSite, type Site } from './site.ts'

/** Names that lead here, so that a page can have a real host, without TLS. */
const HOSTS = '--host-resolver-rules=MAP *.example.co.uk 127.0.0.1'

interface Fixtures {
  $file: { browser: Browser }
  $test: {
    site: Site
    context: BrowserContext
    /** A page of which an error, thrown or unhandled, fails the test. */
    page: Page
  }
}

/** Milliseconds. */
const PATIENCE = 5_000

/** Closes it, but does not wait for ever: a page that is just being left can keep Chromium from closing its context. */
const closed = (it: Browser | BrowserContext): Promise<unknown> =>
  Promise.race([it.close(), new Promise(resolve => setTimeout(resolve, PATIENCE).unref())])

/** A test with a site of its own and a fresh profile of a real Chromium. */
export const test = base.extend<Fixtures>({
  browser: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const browser = await launch({ args: [HOSTS] })
      await use(browser)
      await closed(browser)
    },
    { scope: 'file' },
  ],
  // oxlint-disable-next-line no-empty-pattern
  site: async ({}, use) => {
    const site = await openSite()
    await use(site)
    await site.close()
  },
  context: async ({ browser }, use) => {
    const context = await browser.newContext()
    await use(context)
    await closed(context)
  },
  page: async ({ context }, use) => {
    const errors: string[] = []
    context.on('weberror', error => errors.push(String(error.error())))
    await use(await context.newPage())
    expect(errors).toEqual([])
  },
})

/** All that came in, once the page has said everything up to now. */
export async function everything(page: Page, site: Site): Promise<WireEvent[]> {
  const before = site.events('end').length
  await page.evaluate(async () => {
    await new Promise(resolve => setTimeout(resolve, 150))
    window.leadlight.push(['track', 'end'])
    window.leadlight.push(['flush'])
  })
  await site.until('end', before + 1)
  return site.events().filter(event => event.type !== 'end')
}

/** Long enough for whatever lingers to have been sent. */
export const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 1_300))
