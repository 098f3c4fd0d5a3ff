import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executable } from '../chromium.ts'

/**
 * Opens an address in a browser that no one looks into, for as long as the work takes: with DevTools attached, as
 * Playwright has them, Chromium prerenders nothing.
 */
export async function unattended(url: string, work: () => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'leadlight-'))
  const switches = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0']
  const browser = spawn(await executable(), [...switches, `--user-data-dir=${profile}`, url], { stdio: 'ignore' })
  try {
    await work()
  } finally {
    const gone = once(browser, 'exit')
    browser.kill('SIGKILL')
    await gone
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
