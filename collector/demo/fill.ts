import { DAY, HOUR, type Instant } from '../../shared/instant.ts'
import type { Lead } from '../../shared/lead.ts'
import type { Reason, Stage } from '../../shared/stage.ts'
import { engine } from '../scoring/engine.ts'
import type { Arrival, Store } from '../store/store.ts'
import { seeded, type Chance } from './chance.ts'
import { month } from './month.ts'

export interface Filling {
  site: number
  now: Instant
  /** The same seed gives the same month. */
  seed?: number
  /** How far back; a month, and the one before to compare it with. */
  days?: number
  visitors?: number
}

/** What happens in this time is recorded in one transaction, and its steps are dated at the end of it. */
const STEP = 6 * HOUR

const AT_ONCE = 500

/** Who decides in the demo's sales. */
const SALES = ['Ingrid Solberg', 'Daan Visser']

/**
 * Fills a site with believable visitors, and with what sales made of them, by the same verbs as live: events are recorded in
 * their order, time passes day by day, leads are moved by hand. Nothing is told to anybody.
 */
export async function fill(
  store: Store,
  { site, now, seed = 7, days = 60, visitors = 1_500 }: Filling,
): Promise<{ events: number }> {
  const chance = seeded(seed)
  const arrivals = month(chance, { site, now, days, visitors })
  let next = 0
  let events = 0
  for (let at = Math.ceil((now - days * DAY) / STEP) * STEP; next < arrivals.length; at += STEP) {
    const due: Arrival[] = []
    for (let arrival = arrivals[next]; arrival && arrival.receivedAt <= at; arrival = arrivals[++next])
      due.push(arrival)
    const then = Math.min(due.at(-1)?.receivedAt ?? at, now)
    if (due.length > 0) await store.record(due, then, engine)
    events += due.length
    if (new Date(at).getUTCHours() === 6 && at < now - 6 * HOUR) await salesDay(store, site, at, chance)
  }
  while ((await store.refresh(AT_ONCE, now, engine)) === AT_ONCE);
  while ((await store.fold(AT_ONCE)) === AT_ONCE);
  return { events }
}

/** What happens to a lead at a stage: where it goes, how likely, after how many days, and why. */
const WAYS: Partial<Record<Stage, { after: number; to: readonly (readonly [Stage | null, number])[] }>> = {
  mql: {
    after: 1,
    to: [
      ['sql', 14],
      ['recycled', 3],
      ['disqualified', 4],
      [null, 79],
    ],
  },
  sql: {
    after: 3,
    to: [
      ['opportunity', 12],
      ['recycled', 2],
      ['disqualified', 2],
      [null, 84],
    ],
  },
  opportunity: {
    after: 6,
    to: [
      ['customer', 8],
      ['disqualified', 4],
      [null, 88],
    ],
  },
}

const REASONS: readonly (readonly [Reason, number])[] = [
  ['not_fit', 22],
  ['timing', 24],
  ['no_budget', 16],
  ['no_response', 20],
  ['bad_data', 6],
  ['competitor', 8],
  ['duplicate', 4],
]

/** Sales looks through what it has been handed. */
async function salesDay(store: Store, site: number, now: Instant, chance: Chance): Promise<void> {
  if (new Date(now).getUTCDay() % 6 === 0) return
  for (const [stage, { after, to: ways }] of Object.entries(WAYS)) {
    const { items } = await store.leads(site, {
      stages: [stage as Stage],
      sort: 'stage_since',
      descending: false,
      limit: 200,
    })
    for (const lead of items.filter(({ stageSince }) => (stageSince ?? now) < now - after * DAY)) {
      const to = isStudent(lead) ? 'disqualified' : chance.weighted(ways)
      if (to === null) continue
      const isOut = to === 'recycled' || to === 'disqualified'
      const reason = isStudent(lead) ? 'student' : chance.weighted(REASONS)
      await store.move(site, lead.id, { to, actor: chance.one(SALES), ...(isOut && { reason }) }, now, engine)
    }
  }
}

const isStudent = (lead: Lead): boolean => lead.traits['role']?.value === 'student'
