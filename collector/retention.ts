import { DAY, type Instant } from '../shared/instant.ts'
import type { Verbs } from './ingest/writer.ts'
import type { Expiry } from './store/erasure.ts'
import type { Store } from './store/store.ts'

/** Persons in one transaction: others have their turn between two of them. */
const AT_ONCE = 100
/** More than this share of a site's events is not deleted in one day unless somebody has confirmed it; a few always are. */
const UNCONFIRMED = { share: 0.1, events: 1_000 }

export interface RetentionParts {
  store: Pick<Store, 'sites' | 'census'>
  writer: Pick<Verbs, 'expire'>
  /** For sites that say nothing of it. 0: nothing is ever too old. */
  days: number
  /** The same number again: more than is expected may be deleted. */
  confirm: number
  /** Told what was deleted, and what was not. */
  log: (message: string) => void
}

export interface Retention {
  /** Once a day: counts what is too old, and deletes it if that is not more than expected. */
  round(now: Instant): Promise<boolean>
}

export function createRetention({
  store,
  writer,
  days: byDefault,
  confirm: confirmed,
  log,
}: RetentionParts): Retention {
  let last = -Infinity

  /** All persons of a site, a few at a time. */
  async function pass(site: number, before: Instant, now: Instant, dry: boolean): Promise<Omit<Expiry, 'after'>> {
    const sum = { persons: 0, events: 0, quarantined: 0 }
    for (let after: string | null = ''; after !== null;) {
      const found = await writer.expire(site, before, { after, limit: AT_ONCE, dry }, now)
      sum.persons += found.persons
      sum.events += found.events
      sum.quarantined += found.quarantined
      after = found.after
    }
    return sum
  }

  return {
    async round(now) {
      if (now - last < DAY) return false
      last = now
      for (const { id, name, retentionDays, retentionConfirm } of await store.sites()) {
        const days = retentionDays ?? byDefault
        if (days === 0) continue
        const isConfirmed = days === (retentionDays === null ? confirmed : retentionConfirm)
        const before = now - days * DAY
        const due = await pass(id, before, now, true)
        if (due.persons + due.events + due.quarantined === 0) continue
        const { events } = await store.census(id)
        const expected = Math.max(UNCONFIRMED.events, events * UNCONFIRMED.share)
        if (due.events > expected && !isConfirmed) {
          log(
            `Retention: ${due.events} of ${events} events of ${name}, and ${due.persons} persons, are older than ${days} days. That is more than a tenth: nothing was deleted. If it is meant, confirm it in the settings of the site, or with LEADLIGHT_RETENTION_CONFIRM=${days}.`,
          )
          continue
        }
        const gone = await pass(id, before, now, false)
        log(
          `Retention: ${gone.events} events of ${name}, ${gone.persons} persons, and ${gone.quarantined} texts in quarantine were older than ${days} days and are deleted.`,
        )
      }
      return false
    },
  }
}
