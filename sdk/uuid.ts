let minted = 0

/**
 * A UUID of version 7: milliseconds, a running number in place of `rand_a` (RFC 9562, 6.2, method 1), so that ids of one
 * millisecond sort as they were minted, and 60 random bits. `crypto.randomUUID` is missing on plain http.
 */
export function uuid(): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
  const random = Array.from(crypto.getRandomValues(new Uint8Array(15)), byte => hex(byte & 15, 1))
  return (hex(Date.now(), 12) + hex(minted++ & 4095, 3) + random.join('')).replace(
    /(.{8})(.{4})(.{3})(.{3})/,
    '$1-$2-7$3-8$4-',
  )
}
