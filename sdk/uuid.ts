let minted = 0

const hex = (value: number, digits: number) => (16 ** digits + value).toString(16).slice(1)

/**
 * A UUID of version 7: milliseconds, a running number in place of `rand_a` (RFC 9562, 6.2, method 1), so that ids of one
 * millisecond sort as they were minted, and 60 random bits. `crypto.randomUUID` is missing on plain http.
 */
export function uuid(): string {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number]
  const time = hex(Date.now(), 12).replace(/.{8}/, '$&-')
  return `${time}-7${hex(minted++ & 4095, 3)}-8${hex(high & 4095, 3)}-${hex(high >>> 16, 4)}${hex(low, 8)}`
}
