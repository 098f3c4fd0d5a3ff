import type { WireEvent } from '../../shared/event.ts'
import type { Given } from '../emit.ts'
import { guard, later } from '../guard.ts'
import type { Call, Leadlight } from '../leadlight.ts'
import { listen } from '../listen.ts'

// What adapters have in common. They speak to the script by `window.leadlight` alone, so that they may be loaded before
// it or after it, and never more than once of them for what happened once.

/** Milliseconds in which others may tell of the same: the shop's data layer is told more than its pages show. */
const PATIENCE = 1_000

/** Milliseconds that may lie between two accounts of one action: a click, and what the shop makes of its server's answer. */
const SAME = 5_000

/** How often the script is looked for, so far apart, before it counts as blocked. */
const TRIES = 30

/** What somebody says has happened. */
interface Account {
  name: string
  /** Which product it is about, where that is known. */
  item?: string
  /** Who has said so. */
  sources: Set<string>
  at: number
  /** Says it, unless it was said or somebody else has. */
  say?: () => void
}

export interface Adapter {
  /**
   * Something happened, as `source` has it: said in a moment, unless anybody else says the same: the page's data layer or
   * its own calls, another adapter, another source. `read` gives its properties then, or nothing if it is nothing.
   */
  tell(name: string, read: () => Given | undefined, source?: string, item?: string): void
  /** Does the work once the page is read, and again on each further view of a single-page shop. */
  onView(work: () => void): void
}

/** Whether the script has been there: once it is gone again, it was stopped, and so is all of this. */
let met = false

/** Makes a call now or, if the script is still to come, then. */
export function call(what: Call): void {
  const verbs = (window.leadlight ??= [])
  met ||= isThere(verbs)
  if (isThere(verbs) || !met) (verbs as Call[]).push(what)
}

/** Calls the listener with each event that the script is about to queue. */
export const listenToScript = (listener: (event: WireEvent) => unknown): void => call(['on', 'event', listener])

const isThere = (verbs: unknown): verbs is Leadlight => typeof (verbs as Leadlight | undefined)?.track === 'function'

/** Does the work as soon as the page has been read to its end. */
export function ready(work: () => unknown): void {
  if (document.readyState === 'loading')
    document.addEventListener('DOMContentLoaded', () => guard(work), { once: true })
  else guard(work)
}

/** Names of the adapters that are on the page: a second tag of one does nothing. */
const LOADED = Symbol.for('leadlight adapters')

/** The name stands in the property `adapter` of all that is told, which also says that it is our own. */
export function createAdapter(adapter: string): Adapter {
  const loaded = ((window as { [LOADED]?: Set<string> })[LOADED] ??= new Set())
  if (loaded.has(adapter)) return { tell() {}, onView() {} }
  loaded.add(adapter)

  let accounts: Account[] = []

  /** One more account of something that may be known already. */
  function hear(name: string, source: string, item?: string): [account: Account, isKnown: boolean] {
    const at = performance.now()
    accounts = accounts.filter(account => account.say || account.at > at - SAME)
    const known = accounts.find(
      account =>
        account.name === name && !account.sources.has(source) && (!item || !account.item || account.item === item),
    )
    const account = known ?? { name, item, sources: new Set(), at }
    account.sources.add(source)
    if (!known) accounts.push(account)
    return [account, known !== undefined]
  }

  /** Whether all that the page says is heard: what it said before the script came, the script tells before it tells us. */
  let hearsAll = false
  function hearEarlier() {
    if (hearsAll) return
    hearsAll = true
    for (const name of said()) hear(name, 'page')[0].say = undefined
  }

  function tell(name: string, read: () => Given | undefined, source = adapter, item?: string) {
    const [account, isKnown] = hear(name, source, item)
    if (isKnown) return
    account.say = () => {
      if (isThere(window.leadlight)) {
        hearEarlier()
        const properties = account.say && read()
        account.say = undefined
        if (properties) call(['track', name, { ...properties, adapter }])
      } else if (performance.now() < account.at + TRIES * PATIENCE) wait()
      else account.say = undefined
    }
    const wait = () => later(() => account.say?.(), PATIENCE)
    wait()
  }

  guard(() => {
    const look = (tries: number) => {
      if (isThere(window.leadlight)) hearEarlier()
      else if (tries > 0) later(() => look(tries - 1), PATIENCE)
    }
    look(TRIES)
    listenToScript(({ type, properties }) => {
      const source = (properties?.['adapter'] as string | undefined) ?? 'page'
      if (source === adapter) return
      hear(type, source)[0].say = undefined
    })
  })
  // The script may have flushed before: what is said now would wait for the next page.
  listen('pagehide visibilitychange', ({ type }) => {
    if (type !== 'pagehide' && !document.hidden) return
    if (!isThere(window.leadlight)) return
    const waiting = accounts.filter(({ say }) => say)
    for (const { say } of waiting) guard(say!)
    if (waiting.length > 0) call(['flush'])
  })

  return {
    tell,
    onView(work) {
      ready(() => document.hidden || work())
      guard(() => listenToScript(({ type }) => type === 'page_view' && work()))
    },
  }
}

/** Names of the e-commerce events that the data layer holds. */
function said(): string[] {
  const { dataLayer } = window as { dataLayer?: ({ event?: string; ecommerce?: unknown } & ArrayLike<unknown>)[] }
  const nameOf = (entry: NonNullable<typeof dataLayer>[number]) => {
    if (entry.event) return entry.ecommerce ? [entry.event] : []
    return entry[0] === 'event' && entry[2] ? [entry[1] as string] : []
  }
  return [...(dataLayer ?? [])].flatMap(entry => guard(() => nameOf(entry)) ?? [])
}
