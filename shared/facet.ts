import type { StoredEvent } from './event.ts'
import type { Json, Properties } from './json.ts'
import type { Touch } from './touch.ts'

/** What people come in touch with, and reports compare: pages, offers, and the ways that lead to them. */
export const FACETS = ['page', 'asset', 'product', 'form', 'source', 'campaign', 'ad', 'referrer'] as const
export type Facet = (typeof FACETS)[number]

/** Those of how a visit came about: the first of them are those of the first visit that came from anywhere. */
export const TOUCH_FACETS: readonly Facet[] = ['source', 'campaign', 'ad', 'referrer']

/** Which contacts count: the first of its kind that a person had, or any. */
export const TOUCH_KINDS = ['first', 'any'] as const
export type TouchKind = (typeof TOUCH_KINDS)[number]

const MAX_VALUE = 300

/** What an event brings its person in touch with. Weak events are worth nothing here too. */
export function facetsOf(event: StoredEvent): [Facet, string][] {
  if (event.provenance === 'weak') return []
  const found: [Facet, Json | undefined][] = []
  const { type, properties, touch } = event
  if (type === 'page_view') found.push(['page', pathOf(event.url)])
  if (type === 'file_download') found.push(['asset', properties['file_name'] ?? properties['link_url']])
  if (properties['form_id'] ?? properties['form_name'] ?? properties['form_kind'])
    found.push(['form', properties['form_name'] ?? properties['form_id'] ?? properties['form_kind']])
  for (const item of [properties, ...itemsOf(properties)]) found.push(['product', item['item_id'] ?? item['item_name']])
  if (touch) found.push(...touchFacets(touch))
  return found.flatMap(([facet, value]): [Facet, string][] => {
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
    return text === '' ? [] : [[facet, text.slice(0, MAX_VALUE).toWellFormed()]]
  })
}

/** An ad is told by `utm_content`; where an ad network sent the visit without one, by the network. */
const touchFacets = ({
  source,
  medium,
  campaign,
  content,
  click_id,
  referrer,
}: Touch): [Facet, string | undefined][] => [
  ['source', source],
  ['campaign', campaign],
  ['ad', content ?? (click_id === undefined ? undefined : `${source} / ${medium}`)],
  ['referrer', referrer],
]

function itemsOf({ items }: Properties): Properties[] {
  if (!Array.isArray(items)) return []
  return items.filter((item): item is Properties => item !== null && typeof item === 'object' && !Array.isArray(item))
}

/** `https://shop.example/lamps/1?a=b` → `/lamps/1`. */
function pathOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const [, path] = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)/i.exec(url) ?? []
  return path || '/'
}
