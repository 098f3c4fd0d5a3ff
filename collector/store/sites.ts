import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import type { Key, KeyRecord, Site } from '../../shared/site.ts'

/** What can be changed of a site. */
export type SiteChange = Partial<
  Pick<Site, 'name' | 'origins' | 'followUpHours' | 'retentionDays' | 'retentionConfirm'>
>

type Optional = 'followUpHours' | 'retentionDays' | 'retentionConfirm'
export type NewSite = Omit<Site, 'id' | Optional> & Partial<Pick<Site, Optional>>

/** Websites, and the secret keys that are good for them. */
export interface SiteReader {
  sites(): Promise<Site[]>
  siteByWriteKey(writeKey: string): Promise<Site | null>
  /** Also one that is no longer good. */
  keyByHash(hash: Buffer): Promise<KeyRecord | null>
  /** Of a site, or (`null`) all there are; the newest first. */
  keys(site: number | null): Promise<KeyRecord[]>
}

export interface SiteWriter {
  /** A new site with the first version of its model. */
  addSite(site: NewSite, model: Model): Promise<Site>
  /** Refuses a site that is not there (`not_found`). */
  changeSite(id: number, change: SiteChange): Promise<Site>

  /** Keeps the SHA-256 `hash` of a secret, never the secret. */
  addKey(key: NewKey): Promise<KeyRecord>
  /** A key with the same powers in place of one, which is good until `until` and no longer. Refuses one that is good no more (`conflict`). */
  replaceKey(
    id: string,
    key: Pick<NewKey, 'id' | 'hash' | 'createdAt' | 'createdBy'>,
    until: Instant,
  ): Promise<KeyRecord>
  /** From `at` on it is good for nothing. */
  revokeKey(id: string, at: Instant): Promise<void>
  /** Remembers when a key was last used. */
  useKey(id: string, at: Instant): Promise<void>
}

export interface NewKey extends Key {
  hash: Buffer
  name: string | null
  createdAt: Instant
  createdBy: string | null
  expiresAt: Instant | null
}
