import type { Instant } from './instant.ts'

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** A UUID version 7 (RFC 9562): time-ordered, so that it appends to an index. `random` gives ten bytes. */
export function uuidv7(at: Instant, random: Uint8Array): string {
  const bytes = Array.from(random.subarray(0, 10), byte => hex(byte, 2))
  const time = hex(at, 12)
  const version = `7${bytes.slice(0, 2).join('').slice(1)}`
  const variant = hex(((random[2] ?? 0) & 0x3f) | 0x80, 2) + bytes[3]
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${bytes.slice(4).join('')}`
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** In lower case; `null` for anything that is not a UUID of any version. */
export function readUuid(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const uuid = value.toLowerCase()
  return UUID.test(uuid) ? uuid : null
}
