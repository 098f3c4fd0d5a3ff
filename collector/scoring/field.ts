import type { StoredEvent } from '../../shared/event.ts'
import type { Json, Properties } from '../../shared/json.ts'

/**
 * What an event says under a name, as a model's `where`, `key`, `match`, `of` and `distinct` use it; `null` when it says
 * nothing. A name is first a part of the event itself (`path`, `host`, `url`, `title`, `referrer`, `type`; `source`,
 * `medium` and `campaign` of its touch), then one of its properties, then one of its first item, as GA4 sends products.
 */
export function field(event: StoredEvent, name: string): Json {
  return partOf(event, name) ?? property(event, name) ?? firstItem(event, name)
}

function partOf(event: StoredEvent, name: string): string | null | undefined {
  switch (name) {
    case 'type':
      return event.type
    case 'url':
      return event.url
    case 'host':
      return address(event.url)?.host
    case 'path':
      return address(event.url)?.path
    case 'title':
      return event.title
    case 'referrer':
      return event.referrer
    case 'source':
      return event.touch?.source
    case 'medium':
      return event.touch?.medium
    case 'campaign':
      return event.touch?.campaign
    default:
      return undefined
  }
}

function firstItem(event: StoredEvent, name: string): Json {
  const items = property(event, 'items')
  return Array.isArray(items) ? own(items[0], name) : null
}

/** A property of an event; `null` when it has none of that name, whatever it was sent with. */
export const property = (event: StoredEvent, name: string): Json => own(event.properties, name)

const own = (value: Json | undefined, name: string): Json =>
  isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null

export const isObject = (value: Json | undefined): value is Properties =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** `https://shop.example:8080/lamps/1?a=b#c` → `shop.example:8080` and `/lamps/1`. */
function address(url: string | undefined): { host?: string; path: string } | null {
  if (url === undefined) return null
  const [, host, path] = /^(?:[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*))?([^?#]*)/i.exec(url) ?? []
  return { ...(host === undefined ? {} : { host: host.toLowerCase() }), path: path || '/' }
}

/** A number, or a text that is one, as the attributes of a page always are; else `null`. */
export function numberOf(value: Json): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.length > 32 || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

const MAX_KEY = 16

/**
 * A field's value as something to tell apart and to remember: short, whatever was sent. `''` for nothing and for anything
 * that is not a single value.
 */
export function keyOf(value: Json): string {
  if (value === null || typeof value === 'object') return ''
  const text = String(value)
  return text.length <= MAX_KEY ? text : digest(text)
}

/** FNV-1a twice over, with different seeds: 64 bits, so that two long values are as good as never taken for one. */
function digest(text: string): string {
  let a = 0x811c9dc5
  let b = 0x01000193
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x85ebca6b)
  }
  return `#${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`
}
