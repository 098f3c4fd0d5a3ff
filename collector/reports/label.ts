import type { StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import { REJECTIONS, type Stage, type Transition } from '../../shared/stage.ts'
import type { Outcome, Result } from '../../shared/outcome.ts'

/** How it went with a person, and when. */
export interface Label {
  result: Result
  at: Instant
}

/** Events that are the outcome themselves. */
export interface OutcomeEvents {
  won: readonly string[]
  lost: readonly string[]
}

export const OUTCOME_EVENTS: OutcomeEvents = { won: ['purchase', 'closed_won'], lost: ['closed_lost'] }

const WON: readonly Stage[] = ['customer', 'evangelist']
/** From here on sales knows more of a person than the site does. */
const IN_SALES_HANDS: readonly Stage[] = ['sql', 'opportunity', ...WON]

/** What is known of a person besides events. */
export interface Known {
  won: Instant
  lost: Instant
  /** When sales took over. */
  handedOver: Instant
}

/** The first win, the first loss and the hand-over of a person: by reported outcomes, and by stages that they were moved to. */
export function knownOf(
  outcomes: readonly Pick<Outcome, 'result' | 'at'>[],
  steps: readonly Pick<Transition, 'to' | 'effectiveAt'>[],
): Known {
  const known: Known = { won: Infinity, lost: Infinity, handedOver: Infinity }
  const note = (name: keyof Known, at: Instant) => void (known[name] = Math.min(known[name], at))
  for (const { result, at } of outcomes) note(result, at)
  for (const { to, effectiveAt } of steps) {
    if (WON.includes(to)) note('won', effectiveAt)
    if (REJECTIONS.includes(to)) note('lost', effectiveAt)
    if (IN_SALES_HANDS.includes(to)) note('handedOver', effectiveAt)
  }
  return known
}

/** Won if ever won, by the first time; else lost, by the first time; `null` while it is open. What comes at `until` or later is not known yet. */
export function labelOf(
  known: Pick<Known, 'won' | 'lost'>,
  history: readonly StoredEvent[],
  { won, lost }: OutcomeEvents,
  until: Instant,
): Label | null {
  const first = (types: readonly string[]) =>
    history.find(({ type, mark, at }) => types.includes(type) && mark === null && at < until)?.at ?? Infinity
  const wonAt = Math.min(known.won, first(won))
  if (wonAt < until) return { result: 'won', at: wonAt }
  const lostAt = Math.min(known.lost, first(lost))
  return lostAt < until ? { result: 'lost', at: lostAt } : null
}
