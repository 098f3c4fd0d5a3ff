import type { BatchResult } from '../../shared/batch.ts'
import type { Mark, Provenance } from '../../shared/event.ts'
import type { Duration, Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Key, Site } from '../../shared/site.ts'
import type { Arrival, Receipt } from '../store/store.ts'
import { readBatch, type Frame, type Message } from './decode.ts'
import { enrich } from './enrich.ts'
import type { Fairness } from './fairness.ts'
import { recogniseMachine } from './machine.ts'

/** One request to the ingest endpoint, as the HTTP server saw it. */
export interface Envelope {
  body: string
  /** In the words of another client than our own script; throws a refusal when the body as a whole cannot be read. */
  client?: Client
  receivedAt: Instant
  userAgent: string
  /** Of the page, `null` when the request names none. */
  origin: string | null
  /** A secret key that was verified, `null` for a browser's request. */
  secret: Key | null
  /** The shortened address that it came from, `null` when unknown. Used to share out the collector; kept nowhere. */
  network: string | null
}

/** A client that is not our own script. It may run on a server or a phone, and names no origin there. */
export interface Client {
  /** A key that the request names besides its body. */
  key: string | null
  /** For a secret one in the body: a refusal when there is no such key. */
  keyBySecret: (secret: string) => Promise<Key>
  read: (body: string, receivedAt: Instant) => Message
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
  site: number
  result: BatchResult
  /** Of all its events. */
  mark: Mark | null
  types: string[]
  /** Why events went to quarantine, by their place in the batch. */
  quarantined: { index: number; reason: string }[]
  /** How far the sender's clock is behind the collector's. */
  skew: Duration
}

export type Ingest = (envelope: Envelope) => Promise<Kept>

const NOTHING: Receipt = { stored: 0, duplicate: 0, quarantined: 0 }

/** decode → vouch → admit → enrich → commit. Answers after the commit; throws a refusal when nothing was kept. */
export function createIngest({ siteByWriteKey, fairness, commit, ownOrigins }: IngestParts): Ingest {
  return async envelope => {
    const { body, receivedAt, network, client } = envelope
    const { key, frames } = client ? client.read(body, receivedAt) : readBatch(body)
    const vouched = await vouch(envelope, client?.key ?? key)
    const { site, provenance } = vouched
    for (const { visitor, size } of frames) {
      const sender = provenance === 'server' ? { site, visitor: null, network: null } : { site, visitor, network }
      fairness.admit(sender, size, receivedAt)
    }
    const bytes = Math.ceil(body.length / frames.length)
    const kept = await Promise.all(frames.map(frame => keep(frame, envelope, vouched, bytes)))
    return kept.reduce(together, nothingKept(vouched))
  }

  /** What one visitor sends. */
  async function keep(frame: Frame, envelope: Envelope, vouched: Vouched, bytes: number): Promise<Kept> {
    const { visitor, sentAt, consent, decode } = frame
    const { receivedAt } = envelope
    const { site, provenance, mark, key } = vouched
    const decoded = decode()
    const device = isBrowser(envelope, provenance) ? recogniseMachine(envelope.userAgent).device : undefined
    const sender = { sentAt, mark, ...(device && { device }) }
    const arrival: Arrival = {
      site,
      visitor,
      receivedAt,
      events: decoded.events.map(event => enrich(event, { receivedAt, provenance, ...sender })),
      quarantined: decoded.quarantined.map(({ raw, reason, ...words }) => ({
        raw,
        reason,
        provenance,
        sending: { ...sender, ...words },
      })),
      ...(key !== null && { key }),
      ...(consent && { consent: { state: consent, saidAt: sentAt } }),
    }
    const nothing = arrival.events.length + arrival.quarantined.length === 0 && consent !== 'denied'
    const { stored, duplicate, quarantined, erased = [] } = nothing ? NOTHING : await commit(arrival, bytes)
    const gone = erased.map(text => ({ index: decoded.places.get(text) ?? 0, reason: 'erased' as const }))
    return {
      site,
      result: {
        accepted: stored + duplicate + quarantined,
        duplicate,
        quarantined,
        dropped: [...decoded.dropped, ...gone],
      },
      mark,
      types: decoded.events.map(event => event.type),
      quarantined: decoded.quarantined.map(({ raw, reason }) => ({ index: decoded.places.get(raw) ?? 0, reason })),
      skew: receivedAt - sentAt,
    }
  }

  /** Whose events these are, and what they are worth: set by what the request proves, never by what it says. */
  async function vouch(envelope: Envelope, key: string | null): Promise<Vouched> {
    const { origin, userAgent, client } = envelope
    const isSecret = client !== undefined && key?.startsWith('sk_') === true
    const secret = isSecret ? await client.keyBySecret(key) : envelope.secret
    const writeKey = isSecret ? null : key
    const named = writeKey === null ? null : await siteByWriteKey(writeKey)
    if (writeKey !== null && !named) {
      throw new Refusal('unauthorized', 'Unknown write key. The right one stands in the snippet of your site.', [
        { pointer: '/key', detail: 'is no write key of this collector' },
      ])
    }
    if (secret) {
      if (secret.scope === 'read') throw new Refusal('forbidden', NEEDS_INGEST)
      const site = secret.site ?? named?.id
      if (site === undefined) {
        throw new Refusal('invalid', 'This secret key is for every site: name one by its write key.', [
          { pointer: '/key', detail: 'is missing' },
        ])
      }
      if (named && named.id !== site)
        throw new Refusal('forbidden', 'The write key is of another site than the secret key.')
      return { site, provenance: 'server', mark: null, key: secret.id }
    }
    if (!named) {
      throw new Refusal('unauthorized', 'The batch names no write key.', [{ pointer: '/key', detail: 'is missing' }])
    }
    // A library may run where there is no page: then it names no origin, and its user agent is its own.
    const mark = client && origin === null ? null : whyWeak(origin, userAgent, [...named.origins, ...ownOrigins()])
    return { site: named.id, provenance: mark === null ? 'browser' : 'weak', mark, key: null }
  }
}

interface Vouched {
  site: number
  provenance: Provenance
  mark: Mark | null
  /** Id of the secret key. */
  key: string | null
}

const NEEDS_INGEST = 'Sending events needs a key with scope ingest; this one has scope read.'

/** Whether what sends is what it happened on. A library may send for another machine. */
const isBrowser = ({ client, origin }: Envelope, provenance: Provenance): boolean =>
  provenance !== 'server' && (!client || origin !== null)

const nothingKept = ({ site, mark }: Vouched): Kept => ({
  site,
  result: { accepted: 0, duplicate: 0, quarantined: 0, dropped: [] },
  mark,
  types: [],
  quarantined: [],
  skew: 0,
})

const together = (a: Kept, b: Kept): Kept => ({
  site: b.site,
  result: {
    accepted: a.result.accepted + b.result.accepted,
    duplicate: a.result.duplicate + b.result.duplicate,
    quarantined: a.result.quarantined + b.result.quarantined,
    dropped: [...a.result.dropped, ...b.result.dropped],
  },
  mark: b.mark,
  types: [...a.types, ...b.types],
  quarantined: [...a.quarantined, ...b.quarantined],
  skew: Math.abs(a.skew) > Math.abs(b.skew) ? a.skew : b.skew,
})

function whyWeak(origin: string | null, userAgent: string, allowed: readonly string[]): Mark | null {
  if (recogniseMachine(userAgent).bot) return 'bot'
  if (origin === null) return 'missing_origin'
  return allowed.includes(origin) ? null : 'foreign_origin'
}
