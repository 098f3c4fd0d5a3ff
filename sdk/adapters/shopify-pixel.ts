import type { Batch } from '../../shared/batch.ts'
import type { WireEvent } from '../../shared/event.ts'
import { address } from '../address.ts'
import { CAMPAIGN } from '../campaign.ts'
import type { Given } from '../emit.ts'
import { guard } from '../guard.ts'
import { uuid } from '../uuid.ts'
import { EVENTS, eventOf, type PixelEvent } from './shopify-event.ts'

// A Shopify custom pixel: the one thing that is told of the checkout. It runs in a sandbox, apart from the page: there is
// no document to be read, nothing entered can be seen, and who the visitor is must be asked for.

/** What Shopify hands to a custom pixel, as far as it is needed. */
interface Sandbox {
  analytics: { subscribe(name: string, listener: (event: PixelEvent) => unknown): unknown }
  /** What is the shop's own page's, by promise. */
  browser: { cookie: { get(name: string): Promise<string> }; localStorage: Storage }
  init?: { customerPrivacy?: { analyticsProcessingAllowed?: boolean } }
  customerPrivacy?: {
    subscribe(
      name: 'visitorConsentCollected',
      listener: (event: { customerPrivacy: { analyticsProcessingAllowed: boolean } }) => unknown,
    ): unknown
  }
}
interface Storage {
  setItem(key: string, value: string): Promise<unknown>
  removeItem(key: string): Promise<unknown>
}

export interface PixelOptions extends Sandbox {
  /** The site's public write key, `wk_…`. */
  site: string
  /** Origin of the collector. Default: where this file came from. */
  host?: string
  /** That the theme has the script: then only what happens in the checkout is told here, so that nothing is told twice. */
  checkoutOnly?: boolean
}

/** Milliseconds before what the collector has not taken is sent again, the first time. */
const AGAIN = 1_000
const TRIES = 5

/**
 * Begins to tell. The visitor is the script's, by its cookie, which Shopify reads for us. Where the theme has the script
 * and there is no cookie, it may not be known who it is, and nothing is told. Where the theme has none, Shopify's own
 * client id stands in, and is a visitor of its own: the two are never merged by guess. Nothing is told while the visitor
 * has denied the one or the other.
 */
export function start({ site, host, checkoutOnly, analytics, browser, init, customerPrivacy }: PixelOptions): void {
  const collector = host ?? new URL(import.meta.url).origin
  let isAllowed = init?.customerPrivacy?.analyticsProcessingAllowed !== false
  guard(() =>
    customerPrivacy?.subscribe('visitorConsentCollected', event => {
      isAllowed = event.customerPrivacy.analyticsProcessingAllowed
    }),
  )
  let view = uuid()
  let seq = 0

  /** The anonymous id of the script's cookie; empty if it was denied, or is still to be asked for. */
  async function visitorOf({ clientId }: PixelEvent): Promise<[id: string, isOurs: boolean]> {
    const cookie = await browser.cookie.get('leadlight').catch(() => '')
    if (cookie) return [cookie.split('.')[0]!, true]
    return [clientId && !checkoutOnly ? `shopify-${clientId}` : '', false]
  }

  async function tell(name: string, event: PixelEvent): Promise<void> {
    const told = eventOf(name, event)
    if (!told || !isAllowed) return
    const { href = '', pathname = '' } = event.context?.document?.location ?? {}
    if (checkoutOnly && !/\/checkouts?(\/|$)/.test(pathname)) return
    if (told.type === 'page_view') {
      view = uuid()
      seq = 0
    }
    const wire: WireEvent = {
      id: uuid(),
      type: told.type,
      at: Date.parse(event.timestamp ?? '') || Date.now(),
      view,
      seq: seq++,
      url: cleaned(href),
      ...(told.type === 'page_view' ? viewed(event) : {}),
      properties: JSON.parse(
        JSON.stringify({ ...told.properties, adapter: 'shopify-pixel' }),
      ) as WireEvent['properties'],
    }
    const [visitor, isOurs] = await visitorOf(event)
    if (visitor) await send({ v: 1, key: site, visitor, events: [wire] }, isOurs)
  }

  /**
   * Written down first where the script writes, and in its way: should the page be gone before an answer, the next one of
   * the shop sends it, once, as the id is the same.
   */
  async function send(sealed: Omit<Batch, 'sent_at'>, isOurs: boolean): Promise<void> {
    const key = `leadlight:${uuid()}`
    if (isOurs) void browser.localStorage.setItem(key, JSON.stringify([sealed])).catch(() => {})
    for (let tries = 0; tries < TRIES; tries++) {
      const body = JSON.stringify({ ...sealed, sent_at: Date.now() })
      const answer = await fetch(`${collector}/e`, {
        method: 'POST',
        body,
        keepalive: true,
        credentials: 'omit',
      }).catch(() => null)
      if (answer && answer.status < 500 && answer.status !== 429) {
        if (isOurs) await browser.localStorage.removeItem(key).catch(() => {})
        return
      }
      await new Promise(resolve => setTimeout(resolve, AGAIN * 2 ** tries))
    }
  }

  for (const name of EVENTS) guard(() => analytics.subscribe(name, event => void tell(name, event).catch(() => {})))
}

const viewed = ({ context }: PixelEvent): Given => ({
  title: context?.document?.title?.slice(0, 150),
  referrer: context?.document?.referrer ? address(context.document.referrer) : undefined,
})

/** An address without its query, but for the campaign. */
function cleaned(href: string): string | undefined {
  return guard(() => {
    const kept = new URLSearchParams([...new URL(href).searchParams].filter(([name]) => CAMPAIGN.test(name)))
    return address(href) + String(kept).replace(/^./, '?$&')
  })
}
