import type { Device, Mark, Provenance } from '../../shared/event.ts'
import { DAY, type Instant } from '../../shared/instant.ts'
import type { Properties } from '../../shared/json.ts'
import type { ArrivedEvent } from '../store/store.ts'
import type { SentEvent } from './decode.ts'
import { readAmounts } from './amount.ts'
import { formMeaning } from './form.ts'
import { linkMeaning } from './link.ts'
import { recogniseMachine } from './machine.ts'
import { scrubProperties, scrubText, scrubUrl } from './privacy.ts'
import { readTouch } from './touch.ts'

/** What the collector itself knows of a request. */
export interface Circumstances {
  receivedAt: Instant
  /** By the sender's clock. */
  sentAt: Instant
  provenance: Provenance
  mark: Mark | null
  /** That sends, if it is a browser. */
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
  const { at: rawAt, properties: sent = {}, userAgent, campaign, ...facts } = wire
  const { provenance, mark, device } = worth(userAgent, circumstances)
  if (facts.url !== undefined) facts.url = scrubUrl(facts.url)
  if (facts.referrer !== undefined) facts.referrer = scrubUrl(facts.referrer)
  if (facts.title !== undefined) facts.title = scrubText(facts.title)
  const touch = readTouch(facts, at, campaign)
  const event: ArrivedEvent = {
    ...facts,
    at,
    rawAt,
    ...meaningOf(wire.type, scrubProperties(sent), facts.url),
    provenance,
    mark,
  }
  if (touch) event.touch = touch
  if (device) event.device = device
  return event
}

/** What a library sends for another machine happened there; a robot's is worth nothing. */
function worth(
  userAgent: string | undefined,
  sender: Circumstances,
): Pick<Circumstances, 'provenance' | 'mark' | 'device'> {
  if (userAgent === undefined) return sender
  const { bot, device } = recogniseMachine(userAgent)
  return bot && sender.provenance === 'browser' ? { provenance: 'weak', mark: 'bot', device } : { ...sender, device }
}

/** The script tells what happened; what that means is said here, so that it can be said better later. */
function meaningOf(type: string, properties: Properties, url?: string): { type: string; properties: Properties } {
  if (type.startsWith('form_')) return formMeaning(type, properties)
  if ('link_url' in properties) return linkMeaning(type, properties, url)
  return { type, properties: readAmounts(properties) }
}
