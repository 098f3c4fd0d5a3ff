/** Chance that comes out the same every time it begins with the same seed (mulberry32). */
export interface Chance {
  /** From 0 up to, but not, 1. */
  next(): number
  /** A whole number from `min` to `max`. */
  whole(min: number, max: number): number
  /** Whether something of that probability happens. */
  of(probability: number): boolean
  one<Item>(items: readonly Item[]): Item
  /** One of them, each as likely as its weight says. */
  weighted<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item
  bytes(count: number): Uint8Array
}

export function seeded(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    whole,
    of: probability => next() < probability,
    one: items => items[whole(0, items.length - 1)]!,
    weighted(items) {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [item, weight] of items) {
        left -= weight
        if (left < 0) return item
      }
      return items.at(-1)![0]
    },
    bytes: count => Uint8Array.from({ length: count }, () => whole(0, 255)),
  }
}
