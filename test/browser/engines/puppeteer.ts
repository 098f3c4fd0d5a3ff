import { launch as start, type Browser as Driven, type LaunchOptions, type Page } from 'puppeteer-core'
import { PATIENCE } from '../../patience.ts'
import { middle, type Browser, type Tab } from './engine.ts'
import { kill } from './process.ts'
import { newProfile, removeProfile } from './profile.ts'

/** A browser that puppeteer speaks to: Chromium in its own protocol, Firefox in WebDriver BiDi. */
export async function launch(options: LaunchOptions, profile?: string): Promise<Browser> {
  const folder = profile ?? (await newProfile())
  const driven = await start({ headless: true, acceptInsecureCerts: true, userDataDir: folder, ...options })
  const end = async () => {
    await kill(driven.process()!)
    if (!profile) await removeProfile(folder)
  }
  return {
    open: async url => {
      const page = await window(driven)
      const tab = createTab(page)
      await tab.go(url)
      return tab
    },
    kill: end,
    close: end,
  }
}

/** Each in a window of its own. A browser that has just started cannot always open one yet. */
const window = (driven: Driven): Promise<Page> => driven.newPage({ type: 'window' })

function createTab(page: Page): Tab {
  page.setDefaultTimeout(PATIENCE)
  return {
    go: async url => void (await page.goto(url, { waitUntil: 'load' })),
    evaluate: (run, ...given) => page.evaluate(run as (...all: unknown[]) => never, ...given),
    async click(selector, button = 'left') {
      const { x, y } = await page.evaluate(middle, selector)
      await page.mouse.click(x, y, { button })
    },
    async type(selector, text) {
      await this.click(selector)
      await page.keyboard.type(text)
    },
    press: key => page.keyboard.press(key),
    // The page's own, as the protocol's cannot tell a page from the back/forward cache in Firefox.
    back: () => page.evaluate(() => void setTimeout(() => history.back())),
    reload: async () => void (await page.reload({ waitUntil: 'load' })),
    close: () => page.close({ runBeforeUnload: true }),
  }
}
