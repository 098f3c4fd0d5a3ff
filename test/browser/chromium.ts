import { existsSync } from 'node:fs'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'
import { PATIENCE } from '../patience.ts'

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where an installed Chromium is, or would be; LEADLIGHT_TEST_CHROMIUM names another. */
export const INSTALLED =
  process.env['LEADLIGHT_TEST_CHROMIUM'] ?? PLACES.find(path => existsSync(path)) ?? '/usr/bin/chromium'

/**
 * For a closed network, and a user agent that tells no one of automation: the flag, unlike Playwright's option, also
 * holds for beacons sent while a page is being left.
 */
export const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--lang=en-US',
  `--user-agent=${USER_AGENT}`,
]

/**
 * The browser of the tests: the one installed, else the one that comes with the development dependencies. Extracting
 * that one twice at once fails with ETXTBSY, so the global set-up does it before any test file runs.
 */
export async function executable(): Promise<string> {
  if (existsSync(INSTALLED)) return INSTALLED
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}

/** A real Chromium, driven by Playwright. */
export async function launch(options: LaunchOptions = {}): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: await executable(),
    ...options,
    args: [...SWITCHES, ...(options.args ?? [])],
  })
  browser.on('context', context => context.setDefaultTimeout(PATIENCE))
  return browser
}
