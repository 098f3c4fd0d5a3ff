import { inOrder, type StoredEvent } from '../../shared/event.ts'
import { DAY, type Instant } from '../../shared/instant.ts'
import type { Json } from '../../shared/json.ts'
import { addToEngagement, growthBy, NO_ENGAGEMENT, type Engagement } from './engagement.ts'
import { entryOf, itemOf } from './entry.ts'
import { add, NOTHING, takenBy, takeOut, type Entry, type Holding } from './holding.ts'
import type { Bearing } from './label.ts'
import { addToOrders, NO_ORDERS, orderOf, type Orders } from './order.ts'
import { listenersTo, type Plan, type PlannedEventRule } from './plan.ts'
import { addToSeen, NOT_SEEN, type Seen } from './seen.ts'
import { addToProgress, NOT_BEGUN, type Progress } from './sequence.ts'
import { addToTouches, NO_TOUCHES, type Touches } from './touch.ts'
import { addToTraits, type Traits } from './trait.ts'
import { addToVisits, NO_VISITS, type Visits } from './visit.ts'

/** Changes whenever what a fold remembers does, so that no old one is ever taken for a new one. */
const FORMAT = 3

/**
 * What is remembered of a person's history under one version of a model: all that a score at any later instant needs, and
 * all that the next event may touch. JSON; its size is bounded, however long the history.
 */
export interface Fold {
  format: typeof FORMAT
  model: number
  first: Instant | null
  /** The last event: what is not after it does not follow. */
  last: { at: Instant; id: string } | null
  visits: Visits
  engagement: Engagement
  touches: Touches
  traits: Traits
  orders: Orders
  /** What each event rule holds, by its index. */
  holdings: (Holding | null)[]
  /** What the stages' event conditions have seen, and how far their sequences have come, by their indexes. */
  seen: (Seen | null)[]
  sequences: (Progress | null)[]
  /** The model's labels as they were after the last event, in its order. */
  labels: Bearing[]
  /** When a fast-track event first asked for sales. */
  candidateSince: Instant | null
  /** Of somebody who was recycled: when, and what has happened since. */
  recycled: { at: Instant; since: Fold } | null
}

/** Is told what the rules make of each event, to explain it later. */
export interface Witness {
  matched: (rule: PlannedEventRule, entry: Entry, event: StoredEvent) => void
  takenOut: (rule: PlannedEventRule, entry: Entry) => void
}

export function emptyFold(plan: Plan, version: number, recycledAt: Instant | null = null): Fold {
  return {
    format: FORMAT,
    model: version,
    first: null,
    last: null,
    visits: NO_VISITS,
    engagement: NO_ENGAGEMENT,
    touches: NO_TOUCHES,
    traits: {},
    orders: NO_ORDERS,
    holdings: plan.rules.map(() => null),
    seen: Array.from(plan.counted, () => null),
    sequences: Array.from(plan.sequences, () => null),
    labels: plan.model.labels.map(() => null),
    candidateSince: null,
    recycled: recycledAt === null ? null : { at: recycledAt, since: emptyFold(plan, version) },
  }
}

/** A stored fold, to be gone on with; `null` when it belongs to another version of the model or of this code. */
export function resume(stored: Json, version: number): Fold | null {
  const fold = stored as unknown as Fold
  if (fold.format !== FORMAT || fold.model !== version) return null
  return copy(fold)
}

/** The last event that a stored fold has taken in, `null` for none: where the history goes on. */
export const lastOf = (stored: Json): Fold['last'] => (stored as unknown as Fold).last

function copy({ holdings, seen, sequences, recycled, ...rest }: Fold): Fold {
  return {
    ...rest,
    holdings: [...holdings],
    seen: [...seen],
    sequences: [...sequences],
    recycled: recycled && { at: recycled.at, since: copy(recycled.since) },
  }
}

/** Events as they are folded: those that count, in order, each id once. */
export function historyOf(events: readonly StoredEvent[]): StoredEvent[] {
  const counted = events.filter(counts)
  if (counted.length < 2) return counted
  const seen = new Set<string>()
  return counted.toSorted(inOrder).filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** Weak events are kept, and worth nothing at all; and so is what happened at no instant that a calendar has. */
export const counts = ({ mark, provenance, at }: StoredEvent): boolean =>
  mark === null && provenance !== 'weak' && Math.abs(at) <= MAX_INSTANT

/** A little less than ECMAScript's limit, so that the next day is an instant too. */
const MAX_INSTANT: Instant = 8.64e15 - 2 * DAY

/**
 * Takes one more event into a fold. It must count, and come after the last. An order that is told again is somebody being
 * there, and no second order: nothing that asks for events hears of it.
 */
export function addToFold(plan: Plan, fold: Fold, event: StoredEvent, witness?: Witness): void {
  const order = orderOf(event)
  const isToldAgain = fold.orders.includes(order)
  if (fold.recycled && event.at > fold.recycled.at && !isToldAgain) addToFold(plan, fold.recycled.since, event)
  const growth = growthBy(event, fold.engagement)
  fold.first ??= event.at
  fold.last = { at: event.at, id: event.id }
  fold.visits = addToVisits(fold.visits, event, plan.day)
  fold.touches = addToTouches(fold.touches, event)
  fold.traits = addToTraits(fold.traits, event)
  if (growth) fold.engagement = addToEngagement(fold.engagement, event, growth)
  if (isToldAgain) return
  fold.orders = addToOrders(fold.orders, order)
  const { reversals, rules, counted, sequences } = listenersTo(plan, event)
  for (const rule of reversals) {
    const holding = fold.holdings[rule.index] ?? NOTHING
    const taken = takenBy(holding, itemOf(rule, event))
    if (!taken) continue
    fold.holdings[rule.index] = takeOut(rule, holding, taken)
    witness?.takenOut(rule, taken)
  }
  for (const rule of rules) {
    if (!rule.matches(event)) continue
    const entry = entryOf(plan, rule, event, { growth, visit: fold.visits.current })
    fold.holdings[rule.index] = add(rule, fold.holdings[rule.index] ?? NOTHING, entry)
    witness?.matched(rule, entry, event)
  }
  for (const { index, condition, matches } of counted) {
    if (matches(event)) fold.seen[index] = addToSeen(condition, fold.seen[index] ?? NOT_SEEN, event)
  }
  for (const sequence of sequences) {
    const { index } = sequence
    fold.sequences[index] = addToProgress(sequence, fold.sequences[index] ?? NOT_BEGUN, event)
  }
}
