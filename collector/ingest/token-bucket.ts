import { MINUTE, type Duration, type Instant } from '../../shared/instant.ts'

/** A full bucket holds what comes in during this time, unless another is given. */
export const FILL: Duration = 10 * MINUTE

/** A bucket of tokens for every key. */
export interface TokenBuckets {
  /** How long until the key may take again; 0 when it may now. */
  wait(key: string, now: Instant): Duration
  /** Takes tokens. A bucket that is not empty gives any number, and owes what it did not have. */
  take(key: string, tokens: number, now: Instant): void
}

export interface TokenBucketOptions {
  /** Tokens a minute that a bucket gains; 0 means that there is no limit. */
  perMinute: number
  /** What comes in during this time is what a full bucket holds. */
  fill?: Duration
  /** Of each of the two rows. */
  slots: number
  /** Keeps strangers from knowing whose slots they share. */
  seed: number
}

const NO_LIMIT: TokenBuckets = { wait: () => 0, take: () => {} }

/**
 * Token buckets for any number of keys in fixed memory. A bucket is one number, the instant at which it is full again
 * (the generic cell rate algorithm): one that is full is the same as none, so nothing ever needs to be thrown out. A key
 * is hashed to a slot in each of two rows, and the fuller one counts (a count-min sketch): it is turned away for others'
 * sake only if it shares both of its slots with keys that are.
 */
export function tokenBuckets({ perMinute, fill = FILL, slots, seed }: TokenBucketOptions): TokenBuckets {
  if (perMinute === 0) return NO_LIMIT
  const interval = MINUTE / perMinute
  /** A bucket never owes more than it holds. */
  const mostOwed = 2 * fill
  const [left, right] = [new Float64Array(slots), new Float64Array(slots)]

  const fullAt = (row: Float64Array, slot: number, now: Instant): Instant => {
    const full = row[slot] ?? 0
    return full > now + mostOwed ? now : Math.max(full, now) // further ahead than it can be: the clock was set back
  }

  return {
    wait(key, now) {
      const hash = hashOf(key, seed)
      const full = Math.min(fullAt(left, hash % slots, now), fullAt(right, mix(hash) % slots, now))
      return Math.max(0, full - now + interval - fill)
    },
    take(key, tokens, now) {
      const hash = hashOf(key, seed)
      const [a, b] = [hash % slots, mix(hash) % slots]
      const [before, other] = [fullAt(left, a, now), fullAt(right, b, now)]
      const full = Math.min(Math.min(before, other) + tokens * interval, now + mostOwed)
      left[a] = Math.max(before, full)
      right[b] = Math.max(other, full)
    },
  }
}

/** FNV-1a, with a seed; 32 bits. */
function hashOf(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mix(hash)
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output's. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
