import { existsSync } from 'node:fs'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'

/** Where an installed Chromium is found; LEADLIGHT_TEST_CHROMIUM names another. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * The browser of the tests: the one installed, else the one that comes with the development dependencies. Extracting
 * that one twice at once fails with ETXTBSY, so the global set-up does it before any test file runs.
 */
export async function executable(): Promise<string> {
  const named = process.env['LEADLIGHT_TEST_CHROMIUM']
  const installed = named ?? INSTALLED.find(path => existsSync(path))
  if (installed) return installed
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}

/**
 * A real Chromium that tells no one it is automated by its user agent: the flag, unlike Playwright's option, also
 * holds for beacons sent while a page is being left.
 */
export async function launch(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: await executable(),
    ...options,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=en-US',
      `--user-agent=${USER_AGENT}`,
      ...(options.args ?? []),
    ],
  })
}
