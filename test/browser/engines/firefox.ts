import type { Engine } from './engine.ts'
import { launch } from './puppeteer.ts'

const PROGRAM = '/usr/bin/firefox-esr'

export const firefox: Engine = {
  name: 'firefox',
  files: [PROGRAM],
  packages: 'firefox-esr',
  launch: () => launch({ browser: 'firefox', executablePath: PROGRAM }),
  async visit(url, profile) {
    const browser = await launch({ browser: 'firefox', executablePath: PROGRAM }, profile)
    await browser.open(url)
    return browser
  },
}
