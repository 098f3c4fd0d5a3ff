import { existsSync } from 'node:fs'

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** A browser engine: how to start it, driven by tests or left alone. */
export interface Engine {
  name: EngineName
  /** What it needs on this machine. */
  files: readonly string[]
  /** Debian packages that bring them. */
  packages: string
  /** A browser with a fresh profile. */
  launch(): Promise<Browser>
  /** Opens an address with the profile kept in that folder, in a browser that no test touches until it is killed. */
  visit(url: string, profile: string): Promise<Pick<Browser, 'kill'>>
}

export interface Browser {
  /** A tab in a window of its own: in the background, a tab is hidden, and nothing there is a view. */
  open(url: string): Promise<Tab>
  /** Ends every process at once, as a crash or a power cut does. Nothing of the browser is left but a given profile. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** One page, used as a person would. Clicks and keys are the browser's own, hence trusted. */
export interface Tab {
  /** As typed into the address bar; resolves when the page has loaded. */
  go(url: string): Promise<void>
  /** Calls the function in the page, where nothing of its surroundings exists, and waits for its promise. */
  evaluate<Result, Arguments extends unknown[]>(
    run: (...given: Arguments) => Result | Promise<Result>,
    ...given: Arguments
  ): Promise<Result>
  /** `host >>> inner` steps into a shadow tree or a frame of the same origin. */
  click(selector: string, button?: 'left' | 'middle' | 'right'): Promise<void>
  type(selector: string, text: string): Promise<void>
  /** `Enter`, `Tab`, `End` … to whatever has the focus. */
  press(key: Key): Promise<void>
  back(): Promise<void>
  reload(): Promise<void>
  /** As its ✕ does. */
  close(): Promise<void>
}

export type Key = 'Enter' | 'Tab' | 'End' | 'Space'

/** Whether tests of an engine that is not there fail: in CI, a skipped engine would be a lie. */
const required = Boolean(process.env['CI'])

/** Why an engine's tests cannot run; `null` when they can or must. */
export function missing({ name, files, packages }: Engine): string | null {
  const absent = files.filter(file => !existsSync(file))
  if (absent.length === 0 || required) return null
  return `${name.toUpperCase()} IS NOT TESTED: no ${absent.join(', ')}. On Debian: apt-get install ${packages}`
}

/**
 * In the page: the middle of an element, in the coordinates of its window, after scrolling to it. Elements of shadow
 * trees and frames have no selector of their own, so steps into them are `>>>`.
 */
export function middle(selector: string): { x: number; y: number } {
  let root: ParentNode = document
  let element: Element | null = null
  let x = 0
  let y = 0
  for (const step of selector.split(' >>> ')) {
    if (element) {
      root = element.shadowRoot ?? (element as HTMLIFrameElement).contentDocument!
      if (!element.shadowRoot) {
        const frame = element.getBoundingClientRect()
        x += frame.x + element.clientLeft
        y += frame.y + element.clientTop
      }
    }
    element = root.querySelector(step)
    if (!element) throw new Error(`There is no ${step} (${selector})`)
    element.scrollIntoView({ block: 'center', behavior: 'instant' })
  }
  const box = element!.getClientRects()[0] ?? element!.getBoundingClientRect()
  return { x: Math.round(x + box.x + box.width / 2), y: Math.round(y + box.y + box.height / 2) }
}
