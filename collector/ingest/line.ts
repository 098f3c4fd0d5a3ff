import { readEmail, type Identifier } from '../../shared/identity.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import { RESULTS } from '../../shared/outcome.ts'
import { Refusal } from '../../shared/refusal.ts'
import { REASONS, REJECTIONS, STAGES } from '../../shared/stage.ts'
import { readUuid } from '../../shared/uuid.ts'
import { readModel } from '../scoring/model.ts'
import type { EventLine, Line, Named } from '../store/transfer.ts'
import { MAX_VISITOR } from './decode.ts'
import { enrich } from './enrich.ts'
import { readEvent } from './event.ts'
import { choice, count, finite, has, instant, orNull, orNullText, text, Wrong, type Given } from './line-field.ts'
import { uuidOf } from './name-uuid.ts'
import { readOwnEvent, readOwnPerson, readOwnTransition } from './own-line.ts'
import { isObject } from './segment-commerce.ts'

export const KINDS = ['event', 'person', 'transition', 'outcome', 'model'] as const
type Kind = (typeof KINDS)[number]

/**
 * A line of an import, from JSON or a row of CSV; else why it is none. `source` is the line as it stands: of two that are
 * the same and have no id, the second is a duplicate.
 */
export function readLine(given: unknown, source: string, now: Instant): Line | string {
  if (!isObject(given)) return 'line: must be an object'
  const kind = KINDS.find(known => known === given['kind'])
  if (!kind) return `kind: must be one of ${KINDS.join(', ')}`
  try {
    return READERS[kind](given, source, now)
  } catch (error) {
    if (error instanceof Wrong) return error.message
    throw error
  }
}

/** An export of our own says more than anybody else can: whose a visitor was, from where to where a step led. */
const READERS: Record<Kind, (given: Given, source: string, now: Instant) => Line> = {
  event: (given, source, now) => (has(given['person']) ? readOwnEvent(given) : readAnyEvent(given, source, now)),
  person: (given, source, now) =>
    Array.isArray(given['visitors']) ? readOwnPerson(given) : readAnyPerson(given, source, now),
  transition: given => (has(given['from']) ? readOwnTransition(given) : readMove(given)),
  outcome: readOutcome,
  model: readModelLine,
}

/** An event of any other system: dated by the line, of whomever it names. */
function readAnyEvent(given: Given, source: string, now: Instant): EventLine {
  const { traits } = given
  const email = has(given['email']) ? emailOf(given) : null
  const user = orNullText(given, 'user_id', 200)
  const own = isObject(given['properties']) ? given['properties'] : {}
  const told = {
    ...(isObject(own['traits']) && own['traits']),
    ...(isObject(traits) && traits),
    ...(email && { email }),
  }
  const wire = readEvent({
    ...given,
    id: has(given['id']) ? (readUuid(given['id']) ?? uuidOf(text(given, 'id', 200))) : uuidOf(source),
    properties: Object.keys(told).length > 0 ? { ...own, traits: told } : given['properties'],
  })
  if (typeof wire === 'string') throw new Wrong(wire)
  const sent = { ...wire, ...(user !== null && { user }) }
  const circumstances = { receivedAt: now, sentAt: now, provenance: 'server' as const, mark: null }
  return {
    kind: 'event',
    person: null,
    visitor: visitorOf(given, user, email),
    receivedAt: now,
    event: enrich(sent, circumstances),
  }
}

/** Who somebody is: kept as the event that says so. */
function readAnyPerson(given: Given, source: string, now: Instant): EventLine {
  const { traits } = given
  const facts = {
    ...(isObject(traits) && traits),
    ...(has(given['name']) && { name: given['name'] }),
    ...(has(given['company']) && { company: given['company'] }),
  }
  const at = has(given['at']) ? instant(given, 'at') : now
  const user_id = orNullText(given, 'user_id', 200)
  const properties = { ...(user_id !== null && { user_id }), traits: facts }
  return readAnyEvent({ ...given, type: 'identify', at, name: undefined, traits: undefined, properties }, source, now)
}

/** A browser if it names one; a user's id, or what stands for an address, is as good. */
function visitorOf(given: Given, user: string | null, email: string | null): string {
  if (has(given['visitor'])) return text(given, 'visitor', MAX_VISITOR)
  if (user !== null) return user.length <= MAX_VISITOR ? user : uuidOf(user)
  if (email !== null) return uuidOf(`email ${email}`)
  throw new Wrong('visitor: is missing; or user_id, or email')
}

function emailOf(given: Given): string {
  const email = readEmail(given['email'] as string)
  if (email === null) throw new Wrong('email: must be an e-mail address')
  return email
}

function named(given: Given): Named {
  if (has(given['person'])) return { id: text(given, 'person', 200) }
  const identifier: Identifier | null = has(given['email'])
    ? { kind: 'email', value: emailOf(given) }
    : has(given['user_id'])
      ? { kind: 'user_id', value: text(given, 'user_id', 200) }
      : null
  if (identifier === null) throw new Wrong('person: is missing; or email, or user_id')
  return identifier
}

function readMove(given: Given): Line {
  const to = choice(given, 'to', STAGES)
  const reason = has(given['reason']) ? choice(given, 'reason', REASONS) : null
  if (REJECTIONS.includes(to) && reason === null) throw new Wrong(`reason: must be one of ${REASONS.join(', ')}`)
  return { kind: 'move', person: named(given), to, reason, note: orNullText(given, 'note', 2_000) }
}

function readOutcome(given: Given, source: string, now: Instant): Line {
  return {
    kind: 'outcome',
    person: named(given),
    outcome: {
      id: orNullText(given, 'id', 200) ?? uuidOf(source),
      result: choice(given, 'result', RESULTS),
      at: Math.min(instant(given, 'at'), now),
      value: orNull(given, 'value', finite),
      currency: orNullText(given, 'currency', 3)?.toUpperCase() ?? null,
      source: orNullText(given, 'source', 100) ?? 'import',
      actor: orNullText(given, 'actor', 200) ?? 'import',
    },
  }
}

function readModelLine(given: Given): Line {
  return {
    kind: 'model',
    version: count(given, 'version'),
    document: modelOf(given['document']),
    createdAt: instant(given, 'created_at'),
    author: orNullText(given, 'author', 200),
    publishedAt: orNull(given, 'published_at', instant),
    copyOf: orNull(given, 'copy_of', count),
    live: given['live'] === true,
  }
}

/** As it stands: with its fields in another order it would be another document. */
function modelOf(document: unknown): Model {
  try {
    readModel(document)
    return document as Model
  } catch (error) {
    const [first] = error instanceof Refusal ? error.errors : []
    if (error instanceof Refusal)
      throw new Wrong(`document${first ? `${first.pointer}: ${first.detail}` : `: ${error.message}`}`)
    throw error
  }
}
