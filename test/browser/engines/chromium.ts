import type { Engine } from './engine.ts'
import { INSTALLED, SWITCHES } from '../chromium.ts'
import { start, kill } from './process.ts'
import { launch } from './puppeteer.ts'

/** A driver would accept a certificate for as long as the page is there: what is sent at its end would not arrive. */
const TRUSTING = [...SWITCHES, '--ignore-certificate-errors']

export const chromium: Engine = {
  name: 'chromium',
  files: [INSTALLED],
  packages: 'chromium',
  launch: () => launch({ browser: 'chrome', executablePath: INSTALLED, args: TRUSTING }),
  async visit(url, profile) {
    // With DevTools attached, as drivers have them, Chromium prerenders nothing.
    const switches = [...TRUSTING, '--headless', `--user-data-dir=${profile}`]
    const browser = start(INSTALLED, [...switches, '--remote-debugging-port=0', url])
    return { kill: () => kill(browser) }
  },
}
