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

/** Who an event says its visitor is, the strongest claim first. Weak events claim nothing. */
export function claims(event: StoredEvent): Identifier[] {
  if (event.provenance === 'weak') return []
  const found: Identifier[] = []
  const { user_id, traits } = event.properties
  if (event.type === 'identify' && (typeof user_id === 'string' || typeof user_id === 'number')) {
    const value = String(user_id).trim()
    if (value !== '' && value.length <= MAX_USER_ID) found.push({ kind: 'user_id', value })
  }
  if (traits && typeof traits === 'object' && !Array.isArray(traits)) {
    const email = Object.hasOwn(traits, 'email') ? readEmail(traits['email']) : null
    if (email !== null) found.push({ kind: 'email', value: email })
  }
  return found
}
