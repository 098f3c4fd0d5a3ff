import type { StoredEvent } from './event.ts'
import type { Json } from './json.ts'

/** Something that says who a visitor is. One person may hold one of each kind. */
export interface Identifier {
  kind: 'user_id' | 'email'
  value: string
}

const MAX_ADDRESS = 254
const MAX_USER_ID = 200

/** An e-mail address, trimmed and in lower case; `null` for anything that does not look like one. */
export function readEmail(value: Json | undefined): string | null {
  if (typeof value !== 'string' || value.length > MAX_ADDRESS + 20) return null
  const address = value.trim().toLowerCase()
  return address.length <= MAX_ADDRESS && /^[^\s@<>"']+@[^\s@<>"'.]+(\.[^\s@<>"'.]+)+$/.test(address) ? address : null
}

/**
 * Who an event says its visitor is, the strongest claim first; `user` is whom its sender names beside it. Weak events
 * claim nothing.
 */
export function claims(event: StoredEvent, user?: string): Identifier[] {
  if (event.provenance === 'weak') return []
  const found: Identifier[] = []
  const { user_id, traits } = event.properties
  const named = event.type === 'identify' ? (user_id ?? user) : user
  if (typeof named === 'string' || typeof named === 'number') {
    const value = String(named).trim()
    if (value !== '' && value.length <= MAX_USER_ID) found.push({ kind: 'user_id', value })
  }
  if (traits && typeof traits === 'object' && !Array.isArray(traits)) {
    const email = Object.hasOwn(traits, 'email') ? readEmail(traits['email']) : null
    if (email !== null) found.push({ kind: 'email', value: email })
  }
  return found
}

/** Whether an event says that two ids are one person. Nobody but a server may say so of people who are known. */
export const isAlias = ({ type, provenance }: StoredEvent): boolean => type === 'alias' && provenance === 'server'
