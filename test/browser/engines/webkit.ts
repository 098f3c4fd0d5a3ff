import { setTimeout as wait } from 'node:timers/promises'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { middle, type Engine, type Key, type Tab } from './engine.ts'
import { closed, listening } from './line.ts'
import { kill, start } from './process.ts'
import { newProfile, removeProfile } from './profile.ts'
import { openSession, type Session } from './webdriver.ts'

const DRIVER = '/usr/bin/WebKitWebDriver'
const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'
const DISPLAY = '/usr/bin/Xvfb'

/** WebDriver's names of keys: code points of its own. */
const KEYS: Record<Key, string> = { Enter: '\uE007', Tab: '\uE004', End: '\uE010', Space: ' ' }
const SHIFT = '\uE008'
const BUTTONS = { left: 0, middle: 1, right: 2 }

export const webkit: Engine = {
  name: 'webkit',
  files: [DRIVER, BROWSER, DISPLAY],
  packages: 'webkit2gtk-driver xvfb',
  async launch() {
    const profile = await newProfile()
    const display = await openDisplay()
    const port = await freePort()
    const driver = start(DRIVER, [`--port=${port}`], surroundings(profile, display.name))
    const end = async () => {
      await kill(driver)
      await display.close()
      await removeProfile(profile)
    }
    try {
      await answering(`http://127.0.0.1:${port}`)
      const session = await openSession(`http://127.0.0.1:${port}`, {
        acceptInsecureCerts: true,
        'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] },
      })
      const [first] = await session.command<string[]>('GET', '/window/handles')
      return { open: url => open(session, first!, url), kill: end, close: end }
    } catch (error) {
      await end()
      throw error
    }
  },
  async visit(url, profile) {
    // What is driven keeps nothing on disk.
    const display = await openDisplay()
    const browser = start(BROWSER, ['--ignore-tls-errors', url], surroundings(profile, display.name))
    return {
      kill: async () => {
        await kill(browser)
        await display.close()
      },
    }
  },
}

/** Everything it keeps goes to the profile. Root has no sandbox. */
const surroundings = (profile: string, display: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LANG: 'en_US.UTF-8',
  DISPLAY: display,
  HOME: profile,
  XDG_DATA_HOME: profile,
  XDG_CACHE_HOME: profile,
  XDG_CONFIG_HOME: profile,
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
})

/** A screen that nobody sees, of a number that it finds itself. */
async function openDisplay(): Promise<{ name: string; close: () => Promise<void> }> {
  const screen = start(DISPLAY, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'])
  const [number] = (await once(screen.stdio[3] as Readable, 'data')) as [Buffer]
  return { name: `:${String(number).trim()}`, close: () => kill(screen) }
}

/** One that the system would give to a server now; the driver takes none by itself. */
async function freePort(): Promise<number> {
  const server = createServer()
  await listening(server)
  const { port } = server.address() as AddressInfo
  await closed(server)
  return port
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(`${url}/status`)
      return
    } catch (error) {
      if (tries === 200) throw error
      await wait(25)
    }
  }
}

/** Only where a window is open can another be opened: the first one stays for that. */
async function open({ command, within }: Session, first: string, url: string): Promise<Tab> {
  const { handle } = await within(first, () => command<{ handle: string }>('POST', '/window/new', { type: 'window' }))
  const tab = createTab({ command, within }, handle)
  await tab.go(url)
  return tab
}

function createTab({ command, within }: Session, window: string): Tab {
  const post = (path: string, body?: object) => within(window, () => command<void>('POST', path, body))
  const perform = (type: string, id: string, actions: object[], parameters = {}) =>
    post('/actions', { actions: [{ type, id, parameters, actions }] })
  /** A key is pressed as on a US keyboard: `@` is 2 with shift. */
  const keys = (text: string) => {
    const stroke = (value: string) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]
    const actions = Array.from(text).flatMap(value =>
      /[A-Z~!@#$%^&*()_+{}|:"<>?]/.test(value)
        ? [{ type: 'keyDown', value: SHIFT }, ...stroke(value), { type: 'keyUp', value: SHIFT }]
        : stroke(value),
    )
    return perform('key', 'keyboard', actions)
  }
  const tab: Tab = {
    go: url => post('/url', { url }),
    async evaluate<Result, Arguments extends unknown[]>(
      run: (...given: Arguments) => Result | Promise<Result>,
      ...given: Arguments
    ) {
      const { value, error } = await within(window, () =>
        command<{ value: Result; error?: string }>('POST', '/execute/async', {
          script: `const [given, done] = arguments
            new Promise(resolve => resolve((${String(run)})(...given)))
              .then(value => done({ value }), error => done({ error: String(error) }))`,
          args: [given],
        }),
      )
      if (error !== undefined) throw new Error(error)
      return value
    },
    async click(selector, button = 'left') {
      const { x, y } = await tab.evaluate(middle, selector)
      if (button !== 'left') return tab.evaluate(auxiliaryClick, x, y, BUTTONS[button])
      const actions = [
        { type: 'pointerMove', x, y, duration: 0 },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]
      await perform('pointer', 'mouse', actions, { pointerType: 'mouse' })
    },
    async type(selector, text) {
      await tab.click(selector)
      await keys(text)
    },
    press: key => keys(KEYS[key]),
    back: () => tab.evaluate(() => void setTimeout(() => history.back())),
    reload: () => post('/refresh'),
    close: () => within(window, () => command('DELETE', '/window')),
  }
  return tab
}

/** In the page: what another button does. The driver itself lets go of every button as if it were the first. */
function auxiliaryClick(x: number, y: number, button: number): void {
  const event = new PointerEvent('auxclick', { button, bubbles: true, composed: true, cancelable: true })
  document.elementFromPoint(x, y)!.dispatchEvent(event)
}
