import type { Context } from 'hono'
import type { DropReason } from '../../shared/batch.ts'
import { MINUTE, SECOND, type Duration, type Instant } from '../../shared/instant.ts'
import type { Refusal } from '../../shared/refusal.ts'
import type { Obstacle, Sighting } from '../../shared/sighting.ts'
import type { Site } from '../../shared/site.ts'
import type { Kept } from '../ingest/ingest.ts'
import type { Outcome, Sender } from './collect.ts'
import type { Route } from './route.ts'

/** What pages have done lately: kept in memory, bounded, and gone at the next start. */
export interface Logbook {
  /** Told how every request to the ingest endpoint ended. */
  observe(outcome: Outcome, sender: Sender): void
  /** Told that a page of that origin has fetched the script; `null`: of one that does not name itself. */
  fetched(origin: string | null): void
  /** Told that somebody has opened a page of the site, to see whether it works. */
  opened(site: number): void
  /** Of one of all `sites`: the latest first. What names no site that is known is told of all, unless its origin is another's. */
  of(site: Site, sites: readonly Site[]): Sighting[]
}

/** Kinds of sightings that are remembered of a site, and sites, and origins. */
const MOST = { sightings: 40, sites: 500, origins: 500 }
/** Characters that are remembered of what strangers write. */
const SHOWN = 200

/** A clock that is further off is told of. */
const WRONG_CLOCK: Duration = 5 * MINUTE

/** After which a page that has been opened should have been heard of. */
export const PATIENCE: Duration = 8 * SECOND

/** Of requests that name no site. */
const NOBODY = 0

export function createLogbook(clock: () => Instant): Logbook {
  const sightings = new Map<number, Map<string, Sighting>>()
  const heard = new Map<string, Instant>()
  const fetches = new Map<string, Instant>()
  const openings = new Map<number, Instant>()
  /** When a page that does not name itself last fetched the script. */
  let unnamed: Instant | null = null

  function note(site: number, obstacle: Obstacle, detail: string, sender: Sender, types: readonly string[] = []): void {
    const own = sightings.get(site) ?? new Map<string, Sighting>()
    const origin = sender.origin === null ? null : sender.origin.slice(0, SHOWN)
    const key = `${obstacle} ${origin} ${detail.slice(0, SHOWN)}`
    const count = (own.get(key)?.count ?? 0) + 1
    put(sightings, site, own, MOST.sites)
    const seen: Sighting = {
      obstacle,
      detail: detail.slice(0, SHOWN),
      origin,
      userAgent: sender.userAgent.slice(0, SHOWN),
      types: types.slice(0, 3).map(type => type.slice(0, SHOWN)),
      at: clock(),
      count,
    }
    put(own, key, seen, MOST.sightings)
  }

  return {
    observe(outcome, sender) {
      if (sender.origin !== null) put(heard, sender.origin.slice(0, SHOWN), clock(), MOST.origins)
      if ('refusal' in outcome) return note(NOBODY, obstacleOf(outcome.refusal), told(outcome.refusal), sender)
      for (const [obstacle, detail] of obstacles(outcome, sender))
        note(outcome.site, obstacle, detail, sender, outcome.types)
    },
    fetched(origin) {
      if (origin === null) unnamed = clock()
      else put(fetches, origin, clock(), MOST.origins)
    },
    opened: site => put(openings, site, clock(), MOST.sites),
    of(site, sites) {
      const isOthers = (origin: string | null): boolean =>
        origin !== null &&
        !site.origins.includes(origin) &&
        sites.some(({ id, origins }) => id !== site.id && origins.includes(origin))
      const seen = [...(sightings.get(site.id)?.values() ?? [])]
      for (const sighting of sightings.get(NOBODY)?.values() ?? []) if (!isOthers(sighting.origin)) seen.push(sighting)
      for (const [origin, at] of fetches)
        if (!isOthers(origin) && !((heard.get(origin) ?? 0) >= at) && clock() - at >= PATIENCE)
          seen.push(silence('policy', `${origin} fetched the script, and nothing came of it.`, origin, at))
      const opened = openings.get(site.id)
      const isSilent = (times: Map<string, Instant>): boolean =>
        !Array.from(times).some(([origin, at]) => at >= opened! && !isOthers(origin))
      if (opened !== undefined && clock() - opened >= PATIENCE && isSilent(fetches) && isSilent(heard))
        seen.push(
          unnamed !== null && unnamed >= opened
            ? silence('policy', 'The page was opened, the script was fetched, and nothing came of it.', null, opened)
            : silence('blocked', 'The page was opened, and did not fetch the script.', null, opened),
        )
      return seen.toSorted((a, b) => b.at - a.at)
    },
  }
}

/** Routes that serve the script, with word of which pages fetch it. */
export const watched = (routes: readonly Route[], { fetched }: Pick<Logbook, 'fetched'>): Route[] =>
  routes.map(declared => ({
    ...declared,
    handle(c, auth) {
      fetched(pageOf(c))
      return declared.handle(c, auth)
    },
  }))

/** Browsers name the page's origin to other origins, unless its policy forbids that. */
const pageOf = (c: Context): string | null => {
  const url = URL.parse(c.req.header('Referer') ?? c.req.header('Origin') ?? '')
  return url && /^https?:$/.test(url.protocol) ? url.origin.slice(0, SHOWN) : null
}

/** As the newest entry; the oldest one is forgotten when there are too many. */
function put<Key, Value>(book: Map<Key, Value>, key: Key, value: Value, most: number): void {
  book.delete(key)
  book.set(key, value)
  const [oldest] = book.keys()
  if (book.size > most && oldest !== undefined) book.delete(oldest)
}

function* obstacles(kept: Kept, { userAgent, origin }: Sender): Iterable<[Obstacle, string]> {
  const { result, mark, quarantined, skew } = kept
  if (mark === 'bot') yield ['bot', userAgent]
  else if (mark === 'foreign_origin') yield ['origin', `${origin} is none of the site's origins.`]
  else if (mark === 'missing_origin') yield ['origin', 'The request names no origin.']
  for (const reason of new Set(quarantined.map(each => each.reason))) yield ['schema', reason]
  for (const reason of new Set(result.dropped.map(dropped => dropped.reason))) yield DROPPED[reason]
  if (result.duplicate > 0) yield ['duplicate', 'The id of the event was known already.']
  if (Math.abs(skew) > WRONG_CLOCK)
    yield [
      'clock',
      `The sender's clock is ${Math.round(Math.abs(skew) / MINUTE)} minutes ${skew > 0 ? 'slow' : 'fast'}.`,
    ]
}

const DROPPED: Record<DropReason, [Obstacle, string]> = {
  event_too_large: ['too_large', 'event_too_large'],
  consent_denied: ['consent', 'consent_denied'],
  erased: ['duplicate', 'The event has been erased; it is not kept again.'],
}

function obstacleOf({ code, errors }: Refusal): Obstacle {
  if (code === 'unauthorized')
    return errors.some(({ pointer, detail }) => pointer === '/key' && detail === 'is missing')
      ? 'unknown_site'
      : 'wrong_key'
  if (code === 'forbidden') return 'wrong_key'
  if (code === 'rate_limited') return 'rate'
  if (code === 'too_large') return 'too_large'
  return code === 'overloaded' || code === 'internal' ? 'trouble' : 'schema'
}

const told = ({ code, message, errors }: Refusal): string =>
  code === 'internal'
    ? 'Internal error.'
    : [message, ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`)].join(' ')

const silence = (obstacle: Obstacle, detail: string, origin: string | null, at: Instant): Sighting => ({
  obstacle,
  detail,
  origin,
  userAgent: '',
  types: [],
  at,
  count: 1,
})
