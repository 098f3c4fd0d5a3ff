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
