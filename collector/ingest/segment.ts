import { randomUUID } from 'node:crypto'
import { MAX_BATCH_BYTES } from '../../shared/batch.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Sending } from '../../shared/quarantine.ts'
import { Refusal } from '../../shared/refusal.ts'
import { readUuid } from '../../shared/uuid.ts'
import { cleanText } from './clean.ts'
import { jsonOf, MAX_VISITOR, type Decoded, type Frame, type Message, type SentEvent } from './decode.ts'
import { readEvent, readInstant } from './event.ts'
import { isSmall, parse, readItems, TOO_DEEP, type Item } from './items.ts'
import { uuidOf } from './name-uuid.ts'
import { inGa4Words, isObject } from './segment-commerce.ts'
import { flatTraits } from './segment-traits.ts'

/** What Segment's clients can say. */
export const CALLS = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const
export type Call = (typeof CALLS)[number]

/**
 * Reads the body of a request in Segment's words (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api):
 * one call, or a batch of them. Throws a refusal when the body as a whole cannot be read.
 */
export function readSegment(text: string, call: Call | 'batch', receivedAt: Instant): Message {
  return call === 'batch' ? readCalls(text, receivedAt) : readCall(text, call, receivedAt)
}

function readCall(text: string, call: Call, receivedAt: Instant): Message {
  const isWhole = isSmall(text)
  const said = isWhole ? parse(text, '{ anonymousId or userId, … }') : {}
  const frame: Frame = {
    visitor: visitorOf(said, call),
    sentAt: readInstant(said['sentAt']) ?? receivedAt,
    size: 1,
    decode: () =>
      readAll(
        [{ said: () => said, call, index: 0, raw: () => text, why: isWhole ? undefined : 'too_large' }],
        receivedAt,
      ),
  }
  return { key: textOf(said['writeKey']) ?? null, frames: [frame] }
}

/** One call in the place where it came. */
interface Placed extends Pick<Item, 'raw'> {
  said: () => unknown
  /** `null`: the call is to say it. */
  call: Call | null
  index: number
  why: Item['why'] | undefined
  /** Of its batch. */
  context?: Record<string, unknown> | undefined
}

function readCalls(text: string, receivedAt: Instant): Message {
  const { body, items } = readItems(text, 'batch', '{ batch: [] }')
  if (!items) {
    throw new Refusal('invalid', 'The batch is not well-formed.', [
      { pointer: '/batch', detail: 'must be a list of calls' },
    ])
  }
  const { context } = body
  const shared = isObject(context) ? context : undefined
  if (shared && Buffer.byteLength(JSON.stringify(shared)) * items.length > MAX_BATCH_BYTES) {
    throw new Refusal('too_large', 'What a batch says once for all of its calls counts for each: 512 KiB together.', [
      { pointer: '/context', detail: 'is too large for so many calls' },
    ])
  }
  const byVisitor = new Map<string, Placed[]>()
  for (const [index, { value, raw, why }] of items.entries()) {
    const said = (): unknown => withContext(value(), shared)
    const visitor = visitorOf(said(), null)
    const placed = { said, call: null, index, raw, why, context: shared }
    const before = byVisitor.get(visitor)
    if (before) before.push(placed)
    else byVisitor.set(visitor, [placed])
  }
  const sentAt = readInstant(body['sentAt'])
  const sentAtOf = (said: unknown) => (isObject(said) ? readInstant(said['sentAt']) : null)
  const frames = [...byVisitor].map(([visitor, calls]): Frame => ({
    visitor,
    sentAt: sentAt ?? sentAtOf(calls[0]?.said()) ?? receivedAt,
    size: calls.length,
    decode: () => readAll(calls, receivedAt),
  }))
  return { key: textOf(body['writeKey']) ?? keyOfFirst(items[0]?.value()), frames }
}

const withContext = (item: unknown, shared: Record<string, unknown> | undefined): unknown =>
  isObject(item) && shared ? { ...item, context: { ...shared, ...ownContext(item) } } : item

const ownContext = (item: Record<string, unknown>) => (isObject(item['context']) ? item['context'] : {})

/** Some clients name the key with every call. */
const keyOfFirst = (item: unknown): string | null => (isObject(item) ? (textOf(item['writeKey']) ?? null) : null)

function readAll(calls: Placed[], receivedAt: Instant): Decoded {
  const decoded: Decoded = { events: [], quarantined: [], places: new Map(), dropped: [] }
  for (const { said, call, index, raw, why, context } of calls) {
    if (why === 'too_large') {
      decoded.dropped.push({ index, reason: 'event_too_large' })
      continue
    }
    const event = why === 'too_deep' ? TOO_DEEP : toEvent(said(), call, receivedAt)
    if (typeof event === 'string') {
      const text = withoutSecrets(cleanText(raw()))
      const { ip: _, ...shared } = context ?? {}
      decoded.quarantined.push({ raw: text, reason: event, call: call ?? 'batch', ...(context && { context: shared }) })
      decoded.places.set(text, index)
    } else {
      decoded.events.push(event)
      decoded.places.set(event.id, index)
    }
  }
  return decoded
}

/** A call without its key, which may be a secret one, and without the address of who did it: neither is kept anywhere. */
const withoutSecrets = (raw: string): string =>
  raw.replaceAll(/("(?:writeKey|ip)"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"(redacted)"')

/** Reads a call from quarantine again: whose it is, and the event, or why it is none still. */
export function readCallAgain(
  raw: string,
  { call, context }: Pick<Sending, 'call' | 'context'>,
  receivedAt: Instant,
): { visitor: string; event: SentEvent | string } {
  const said = withContext(jsonOf(raw), context as Record<string, unknown> | undefined)
  const given = CALLS.find(known => known === call) ?? null
  return { visitor: visitorOf(said, given), event: toEvent(said, given, receivedAt) }
}

/** Nobody: such a call is kept in quarantine. */
const NOBODY = '(nobody)'

/** Which browser a call is about; of a server that knows only the person, their id stands for it. */
function visitorOf(said: unknown, given: Call | null): string {
  if (!isObject(said)) return NOBODY
  const isAlias = (given ?? said['type']) === 'alias'
  const id = idOf(said['anonymousId']) ?? (isAlias ? idOf(said['previousId']) : undefined) ?? idOf(said['userId'])
  if (id === undefined) return NOBODY
  return id.length <= MAX_VISITOR ? id : uuidOf(id)
}

function toEvent(said: unknown, given: Call | null, receivedAt: Instant): SentEvent | string {
  if (!isObject(said)) return 'event: must be an object'
  const call = given ?? CALLS.find(known => known === said['type'])
  if (!call) return `type: must be one of ${CALLS.join(', ')}`
  if (visitorOf(said, call) === NOBODY) return 'anonymousId: or userId is needed, a text'
  const sent = said['timestamp'] ?? said['originalTimestamp']
  const context = isObject(said['context']) ? said['context'] : {}
  const page = isObject(context['page']) ? context['page'] : {}
  const {
    type,
    properties,
    url = page['url'],
    referrer = page['referrer'],
    title = page['title'],
  } = meaning(call, said)
  const traits = call === 'identify' || call === 'group' ? undefined : context['traits']
  const event = readEvent({
    id: idOfMessage(said['messageId']),
    type,
    at: sent ?? said['sentAt'] ?? receivedAt,
    url: textOf(url),
    title: textOf(title),
    referrer: call === 'page' ? textOf(referrer) : undefined,
    properties: isObject(traits) ? { ...properties, traits: flatTraits(traits) } : properties,
  })
  if (typeof event === 'string') return event
  const user = idOf(said['userId'])
  const userAgent = textOf(context['userAgent'])
  const campaign = campaignOf(context['campaign'])
  return { ...event, ...(user && { user }), ...(userAgent && { userAgent }), ...(campaign && { campaign }) }
}

interface Meaning {
  type: unknown
  properties: Record<string, unknown>
  url?: unknown
  referrer?: unknown
  title?: unknown
}

/** What a call is kept as. */
function meaning(call: Call, said: Record<string, unknown>): Meaning {
  const properties = isObject(said['properties']) ? said['properties'] : {}
  const traits = isObject(said['traits']) ? said['traits'] : {}
  switch (call) {
    case 'track':
      return typeof said['event'] === 'string' ? inGa4Words(said['event'], properties) : { type: undefined, properties }
    case 'page': {
      const { url, referrer, title, path: _, search: __, hash: ___, ...others } = properties
      return { type: 'page_view', properties: { ...named(said), ...others }, url, referrer, title }
    }
    case 'screen': {
      const { name, ...others } = { ...named(said), ...properties }
      return { type: 'screen_view', properties: { ...(name !== undefined && { screen_name: name }), ...others } }
    }
    case 'identify':
      return { type: 'identify', properties: { user_id: idOf(said['userId']) ?? null, traits: flatTraits(traits) } }
    case 'group':
      return { type: 'group', properties: { group_id: idOf(said['groupId']) ?? null, traits: flatTraits(traits) } }
    default:
      return {
        type: 'alias',
        properties: { user_id: idOf(said['userId']) ?? null, previous_id: idOf(said['previousId']) ?? null },
      }
  }
}

/** A page or a screen may have a name and a category. */
function named({ name, category }: Record<string, unknown>): Record<string, unknown> {
  return { ...(textOf(name) && { name }), ...(textOf(category) && { category }) }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Ids are texts, but some send numbers. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return cleanText(String(value)).trim() || undefined
}

/** A message's id de-duplicates it. One that is no UUID always becomes the same; a message without one is always new. */
function idOfMessage(id: unknown): string {
  const text = idOf(id)
  return text === undefined ? randomUUID() : (readUuid(text) ?? uuidOf(text))
}

/** `{ source: 'news' }` → `{ utm_source: 'news' }`; `name` is the campaign's. */
function campaignOf(campaign: unknown): Record<string, string> | undefined {
  if (!isObject(campaign)) return undefined
  const said = Object.entries(campaign).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(
    said.map(([name, value]) => [`utm_${name === 'name' ? 'campaign' : name}`, cleanText(value)]),
  )
}
