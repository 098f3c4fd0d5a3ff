import { randomInt } from 'node:crypto'
import { SECOND, type Duration, type Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { tokenBuckets, type TokenBuckets } from './token-bucket.ts'

/** Events a minute, on average over ten minutes; 0 is no limit. */
export interface Rates {
  visitor: number
  address: number
  site: number
}

/** Who sends. */
export interface Sender {
  site: number
  /** Of a browser; a server with a secret key answers for all of its visitors. */
  visitor: string | null
  /** `null` when unknown, or when a server sends. */
  network: string | null
}

/** Sees to it that nobody takes what belongs to all. Throws a refusal (`rate_limited`) for whoever sends too much. */
export interface Fairness {
  /**
   * Before the body of a request is read. Every request counts for one event at least, however it ends. How long it has to
   * wait for its turn: an address that sends many at once is taken one by one, so that others are taken meanwhile.
   */
  knock(network: string | null, now: Instant): Duration
  /** Before the events of a batch are read: they are charged only if none of the limits is reached. */
  admit(sender: Sender, events: number, now: Instant): void
}

/** So many times the average rate of an address at once: more than that comes in turn, and waits for a second at most. */
const PACE = { times: 3, fill: SECOND }

/** 2 MiB for visitors, 1 MiB for addresses, and for their pace. */
const SLOTS = { visitor: 2 ** 17, address: 2 ** 16, site: 2 ** 10 }

export function createFairness(rates: Rates, seed = randomInt(2 ** 32)): Fairness {
  const [visitors, addresses, sites] = (['visitor', 'address', 'site'] as const).map(name =>
    tokenBuckets({ perMinute: rates[name], slots: SLOTS[name], seed }),
  ) as [TokenBuckets, TokenBuckets, TokenBuckets]

  const pace = tokenBuckets({
    perMinute: PACE.times * rates.address,
    fill: PACE.fill,
    slots: SLOTS.address,
    seed,
  })

  const check = (buckets: TokenBuckets, name: keyof Rates, key: string, now: Instant): void => {
    const wait = buckets.wait(key, now)
    if (wait > 0) throw tooMany(name, rates[name], wait)
  }

  return {
    knock(network, now) {
      if (network === null) return 0
      check(addresses, 'address', network, now)
      addresses.take(network, 1, now)
      const turn = pace.wait(network, now)
      pace.take(network, 1, now)
      return turn
    },
    admit({ site, visitor, network }, events, now) {
      const person = `${site} ${visitor}`
      const key = String(site)
      if (visitor !== null) check(visitors, 'visitor', person, now)
      if (network !== null && events > 1) check(addresses, 'address', network, now) // one is paid for
      check(sites, 'site', key, now)
      if (visitor !== null) visitors.take(person, events, now)
      if (network !== null) addresses.take(network, Math.max(events - 1, 0), now)
      sites.take(key, events, now)
    },
  }
}

const WHOSE: Record<keyof Rates, string> = {
  visitor: 'This visitor sends',
  address: 'This address, with its neighbours, sends',
  site: 'This site sends',
}

const tooMany = (name: keyof Rates, rate: number, retryAfter: number): Refusal =>
  new Refusal('rate_limited', `${WHOSE[name]} more than ${rate} events a minute. Send this batch again later.`, [], {
    retryAfter,
  })
