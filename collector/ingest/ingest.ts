import type { BatchResult } from '../../shared/batch.ts'
import type { Mark, Provenance } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Key, Site } from '../../shared/site.ts'
import type { Arrival, Receipt } from '../store/store.ts'
import { readBatch } from './decode.ts'
import { enrich } from './enrich.ts'
import type { Fairness } from './fairness.ts'
import { recogniseMachine } from './machine.ts'

/** One request to the ingest endpoint, as the HTTP server saw it. */
export interface Envelope {
  body: string
  receivedAt: Instant
  userAgent: string
  /** Of the page, `null` when the request names none. */
  origin: string | null
  /** A secret key that was verified, `null` for a browser's request. */
  secret: Key | null
  /** The shortened address that it came from, `null` when unknown. Used to share out the collector; kept nowhere. */
  network: string | null
}

export interface IngestParts {
  siteByWriteKey: (writeKey: string) => Promise<Site | null>
  fairness: Pick<Fairness, 'admit'>
  /** `bytes` is the length of the body. */
  commit: (arrival: Arrival, bytes: number) => Promise<Receipt>
  /** Origins of pages that the collector serves itself. */
  ownOrigins: () => readonly string[]
}

/** What became of a batch, for its sender and for whoever watches. */
export interface Kept {
  result: BatchResult
  /** Of all its events. */
  mark: Mark | null
  types: string[]
  /** Why events went to quarantine. */
  quarantined: string[]
}

export type Ingest = (envelope: Envelope) => Promise<Kept>

const NOTHING: Receipt = { stored: 0, duplicate: 0, quarantined: 0 }

/** decode → vouch → admit → enrich → commit. Answers after the commit; throws a refusal when nothing was kept. */
export function createIngest({ siteByWriteKey, fairness, commit, ownOrigins }: IngestParts): Ingest {
  return async envelope => {
    const { receivedAt, userAgent, network } = envelope
    const { key, visitor, sentAt, size, decode } = readBatch(envelope.body)
    const { site, provenance, mark } = await vouch(envelope, key)
    const sender = provenance === 'server' ? { site, visitor: null, network: null } : { site, visitor, network }
    fairness.admit(sender, size, receivedAt)
    const decoded = decode()
    const { device } = recogniseMachine(userAgent)
    const circumstances = { receivedAt, sentAt, provenance, mark, ...(provenance !== 'server' && { device }) }
    const arrival: Arrival = {
      site,
      visitor,
      receivedAt,
      events: decoded.events.map(event => enrich(event, circumstances)),
      quarantined: decoded.quarantined.map(item => ({ ...item, provenance })),
    }
    const nothing = arrival.events.length + arrival.quarantined.length === 0
    const { stored, duplicate, quarantined } = nothing ? NOTHING : await commit(arrival, envelope.body.length)
    return {
      result: { accepted: stored + duplicate + quarantined, duplicate, quarantined, dropped: decoded.dropped },
      mark,
      types: decoded.events.map(event => event.type),
      quarantined: decoded.quarantined.map(item => item.reason),
    }
  }

  /** Whose events these are, and what they are worth: set by what the request proves, never by what it says. */
  async function vouch(envelope: Envelope, writeKey: string | null): Promise<Vouched> {
    const { secret, origin, userAgent } = envelope
    const named = writeKey === null ? null : await siteByWriteKey(writeKey)
    if (writeKey !== null && !named) {
      throw new Refusal('unauthorized', 'Unknown write key. The right one stands in the snippet of your site.', [
        { pointer: '/key', detail: 'is no write key of this collector' },
      ])
    }
    if (secret) {
      const site = secret.site ?? named?.id
      if (site === undefined) {
        throw new Refusal('invalid', 'This secret key is for every site: name one by its write key.', [
          { pointer: '/key', detail: 'is missing' },
        ])
      }
      if (named && named.id !== site)
        throw new Refusal('forbidden', 'The write key is of another site than the secret key.')
      return { site, provenance: 'server', mark: null }
    }
    if (!named) {
      throw new Refusal('unauthorized', 'The batch names no write key.', [{ pointer: '/key', detail: 'is missing' }])
    }
    const mark = whyWeak(origin, userAgent, [...named.origins, ...ownOrigins()])
    return { site: named.id, provenance: mark === null ? 'browser' : 'weak', mark }
  }
}

interface Vouched {
  site: number
  provenance: Provenance
  mark: Mark | null
}

function whyWeak(origin: string | null, userAgent: string, allowed: readonly string[]): Mark | null {
  if (recogniseMachine(userAgent).bot) return 'bot'
  if (origin === null) return 'missing_origin'
  return allowed.includes(origin) ? null : 'foreign_origin'
}
