import type { WireEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Touch } from '../../shared/touch.ts'
import { classifyReferrer } from './referrer.ts'

/** Parameters that ad networks add to a landing page's address, and what they say when no utm parameter does. */
const CLICK_IDS: Record<string, [source: string, medium: string]> = {
  gclid: ['google', 'cpc'],
  gbraid: ['google', 'cpc'],
  wbraid: ['google', 'cpc'],
  dclid: ['google', 'display'],
  msclkid: ['bing', 'cpc'],
  fbclid: ['facebook', 'social'],
  ttclid: ['tiktok', 'cpc'],
  li_fat_id: ['linkedin', 'cpc'],
  twclid: ['twitter', 'cpc'],
  yclid: ['yandex', 'cpc'],
  epik: ['pinterest', 'cpc'],
  rdt_cid: ['reddit', 'cpc'],
  ScCid: ['snapchat', 'cpc'],
}

const MAX_VALUE = 200

/**
 * Where a page view came from, when it came from elsewhere: a campaign, an ad, another site. `campaign` says what the
 * address does not.
 */
export function readTouch(
  event: Pick<WireEvent, 'type' | 'url' | 'referrer'>,
  at: Instant,
  campaign: Record<string, string> = {},
): Touch | undefined {
  const page = event.type === 'page_view' ? readUrl(event.url) : null
  if (!page) return undefined
  const parameter = (name: string) =>
    (page.searchParams.get(name) ?? campaign[name])?.trim().slice(0, MAX_VALUE) || undefined
  const clickId = Object.keys(CLICK_IDS).find(name => page.searchParams.has(name))
  const [adSource, adMedium] = (clickId && CLICK_IDS[clickId]) || []
  const referrer = readUrl(event.referrer)
  const from = referrer && referrer.host !== page.host ? classifyReferrer(referrer.hostname) : null
  const source = parameter('utm_source') ?? adSource ?? from?.source
  if (source === undefined) return undefined
  const touch: Touch = {
    at,
    source,
    medium:
      parameter('utm_medium') ?? adMedium ?? (parameter('utm_source') ? '(not set)' : (from?.medium ?? '(not set)')),
    landing_page: page.pathname,
  }
  const name = parameter('utm_campaign')
  const term = parameter('utm_term')
  const content = parameter('utm_content')
  if (name) touch.campaign = name
  if (term) touch.term = term
  if (content) touch.content = content
  if (clickId) touch.click_id = clickId
  if (from && referrer) touch.referrer = (referrer.origin + referrer.pathname).slice(0, 500)
  return touch
}

function readUrl(text: string | undefined): URL | null {
  const url = text ? URL.parse(text) : null
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
}
