import type { Instant } from './instant.ts'

/** A website that is tracked. */
export interface Site {
  id: number
  name: string
  /** Public: it stands in the page's source and can only add events. */
  writeKey: string
  /** Origins (`https://shop.example`) whose pages may send events that count. */
  origins: string[]
  createdAt: Instant
  /** A lead at `sql` for longer than this is overdue. */
  followUpHours: number
  /** Days after which what nobody adds to is deleted, 0: never; `null`: as the collector is set. */
  retentionDays: number | null
  /** The same number again: more than a tenth may be deleted at once. */
  retentionConfirm: number | null
}

/** What a secret key may do: `read` asks, `ingest` sends events with any past time, `admin` does everything. */
export const SCOPES = ['read', 'ingest', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export interface Key {
  id: string
  /** `null`: every site. */
  site: number | null
  scope: Scope
}

/** What is kept of a key: everything but its secret. */
export interface KeyRecord extends Key {
  name: string | null
  createdAt: Instant
  /** Id of the key that it was made with; `null`: by command. */
  createdBy: string | null
  /** From then on it is good for nothing; `null`: until it is revoked. */
  expiresAt: Instant | null
  revokedAt: Instant | null
  /** To the minute. */
  lastUsedAt: Instant | null
}

/** Days that may be set; fewer would delete what scores are made of. */
export const RETENTION = { least: 30, most: 3_650 }

/** What is wrong with so many days of retention; `null` if nothing is. */
export const wrongRetention = (days: number): string | null =>
  days === 0 || (Number.isInteger(days) && days >= RETENTION.least && days <= RETENTION.most)
    ? null
    : `must be 0, which keeps everything, or ${RETENTION.least} to ${RETENTION.most}`

/** Hours after which a lead that nobody has taken further is overdue, unless a site says otherwise. */
export const FOLLOW_UP_HOURS = 24
