import type { Device, Mark, Provenance } from '../../shared/event.ts'
import { FORM_EVENTS } from '../../shared/form.ts'
import { DAY, type Instant } from '../../shared/instant.ts'
import type { ArrivedEvent } from '../store/store.ts'
import type { SentEvent } from './decode.ts'
import { scrubProperties, scrubText, scrubUrl } from './privacy.ts'
import { readTouch } from './touch.ts'

/** What the collector itself knows of a request. */
export interface Circumstances {
  receivedAt: Instant
  /** By the sender's clock. */
  sentAt: Instant
  provenance: Provenance
  mark: Mark | null
  device?: Device
}

/** Older events of a browser are dated to this age. */
export const MAX_AGE = 30 * DAY

/**
 * When an event happened, by the collector's clock. A browser's clock can be hours wrong, but the time between
 * happening and sending is right: received − (sent − happened). Servers are trusted with the past, nobody with the future.
 */
export function eventTime(happened: Instant, { receivedAt, sentAt, provenance }: Circumstances): Instant {
  if (provenance === 'server') return Math.min(happened, receivedAt)
  return receivedAt - Math.min(Math.max(sentAt - happened, 0), MAX_AGE)
}

/** Facts become an event with a meaning: dated, attributed, vouched for, and free of what its addresses gave away. */
export function enrich(wire: SentEvent, circumstances: Circumstances): ArrivedEvent {
  const at = eventTime(wire.at, circumstances)
  const { provenance, mark, device } = circumstances
  const { at: rawAt, properties: sent = {}, userAgent: _, campaign, ...facts } = wire
  const properties = scrubProperties(sent)
  if (facts.url !== undefined) facts.url = scrubUrl(facts.url)
  if (facts.referrer !== undefined) facts.referrer = scrubUrl(facts.referrer)
  if (facts.title !== undefined) facts.title = scrubText(facts.title)
  const touch = readTouch(facts, at, campaign)
  const event: ArrivedEvent = {
    ...facts,
    at,
    rawAt,
    properties,
    provenance,
    mark,
    ...formMeaning(wire.type, properties),
  }
  if (touch) event.touch = touch
  if (device) event.device = device
  return event
}

/** A form marked as a newsletter's is kept as a `sign_up`, a quote's as a `request_quote`: see shared/form.ts. */
function formMeaning(type: string, properties: ArrivedEvent['properties']): Partial<ArrivedEvent> {
  const kind = properties['form_kind']
  if (type !== 'form_submit' || typeof kind !== 'string' || !Object.hasOwn(FORM_EVENTS, kind)) return {}
  const meaning = FORM_EVENTS[kind]
  if (!meaning) return {}
  return { type: meaning.type, properties: meaning.method ? { method: meaning.method, ...properties } : properties }
}
