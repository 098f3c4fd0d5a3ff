import type { Emit, Given } from './emit.ts'
import { guard, later } from './guard.ts'
import { listen } from './listen.ts'
import type { Consent } from './visitor.ts'

/** GA4's e-commerce events. */
const COMMERCE = /cart|wishlist|checkout|purchase|refund|item|promotion|_info/

/** Milliseconds in which the same event again is one that two tags have pushed. */
const SAME = 1_000

interface Entry {
  event?: string
  ecommerce?: Given
  /** Set by those who push our own events on to the data layer, so that they do not come back. */
  leadlight?: boolean
}

/**
 * Listens to what is said to Google's tags: `dataLayer.push({ event: 'add_to_cart', ecommerce: {…} })` and `gtag('event',
 * 'add_to_cart', {…})`, from before as well as from now on, and Consent Mode's `analytics_storage`.
 *
 * Each entry is heard once, whoever pushes it again, as tag managers do that load twice.
 */
export function watchDataLayer(emit: Emit, onConsent: (command: string, state: Consent) => void): void {
  const heard = new WeakSet()
  const told = new Set<string>()
  let layer: Entry[] | undefined

  const hear = (entry: Entry) => {
    if (heard.has(entry)) return
    heard.add(entry)
    // What `gtag` pushes are its arguments.
    const [command, name, facts] = entry.event
      ? ['event', entry.event, entry.ecommerce]
      : (entry as unknown as [string, string, Given | undefined])
    const same = JSON.stringify([name, facts])
    if (command === 'consent') onConsent(name, facts!['analytics_storage'] as Consent)
    else if (facts && COMMERCE.test(name) && !entry.leadlight && !told.has(same)) {
      told.add(same)
      later(() => told.delete(same), SAME)
      emit(name, facts)
    }
  }
  const hearAll = (entries: Entry[]) => entries.forEach(entry => guard(() => hear(entry)))

  function attach() {
    const current: Entry[] = ((window as { dataLayer?: Entry[] }).dataLayer ??= [])
    hearAll(current)
    if (layer === current) return
    layer = current
    const { push } = current
    current.push = (...entries) => {
      hearAll(entries)
      return push.apply(current, entries)
    }
  }

  attach()
  // Some replace the whole of it, or its methods.
  listen('pageshow pagehide visibilitychange click', attach)
}
