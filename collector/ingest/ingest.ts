import type { BatchResult } from '../../shared/batch.ts'
import type { Mark, Provenance } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Key, Site } from '../../shared/site.ts'
import type { Arrival, Receipt } from '../store/store.ts'
import { decode } from './decode.ts'
import { enrich } from './enrich.ts'
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
}

export interface IngestParts {
  siteByWriteKey: (writeKey: string) => Promise<Site | null>
  /** `bytes` is the length of the body. */
  commit: (arrival: Arrival, bytes: number) => Promise<Receipt>
  /** Origins of pages that the collector serves itself. */
  ownOrigins: () => readonly string[]
  /** Told how every request ended, for whoever watches the terminal. */
  observe?: (outcome: Outcome, envelope: Envelope) => void
}

export type Outcome =
  { result: BatchResult; mark: Mark | null; types: string[]; quarantined: string[] } | { refusal: unknown }

/** decode → recognise machines → enrich → commit. Answers after the commit; throws a refusal when nothing was kept. */
export function createIngest({ siteByWriteKey, commit, ownOrigins, observe }: IngestParts) {
  return async (envelope: Envelope): Promise<BatchResult> => {
    try {
      const outcome = await ingest(envelope)
      observe?.(outcome, envelope)
      return outcome.result
    } catch (refusal) {
      observe?.({ refusal }, envelope)
      throw refusal
    }
  }

  async function ingest(envelope: Envelope): Promise<Outcome & { result: BatchResult }> {
    const decoded = decode(envelope.body)
    const { site, provenance, mark } = await vouch(envelope, decoded.key)
    const { device } = recogniseMachine(envelope.userAgent)
    const { receivedAt } = envelope
    const circumstances = {
      receivedAt,
      sentAt: decoded.sentAt,
      provenance,
      mark,
      ...(provenance !== 'server' && { device }),
    }
    const arrival: Arrival = {
      site,
      visitor: decoded.visitor,
      receivedAt,
      events: decoded.events.map(event => enrich(event, circumstances)),
      quarantined: decoded.quarantined.map(item => ({ ...item, provenance })),
    }
    const kept = arrival.events.length + arrival.quarantined.length
    const receipt = kept > 0 ? await commit(arrival, envelope.body.length) : { stored: 0, duplicate: 0, quarantined: 0 }
    const result: BatchResult = {
      accepted: receipt.stored + receipt.duplicate + receipt.quarantined,
      duplicate: receipt.duplicate,
      quarantined: receipt.quarantined,
      dropped: decoded.dropped,
    }
    const types = decoded.events.map(event => event.type)
    return { result, mark, types, quarantined: decoded.quarantined.map(item => item.reason) }
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
