import type { StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import { REJECTIONS, type Stage } from '../../shared/stage.ts'
import type { Result } from '../../shared/outcome.ts'
import type { Store } from '../store/store.ts'

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

const NOTHING: Known = { won: Infinity, lost: Infinity, handedOver: Infinity }

/** The first win, the first loss and the hand-over of everybody who has any: reported outcomes, and stages somebody was moved to. */
export async function knownOf(
  store: Pick<Store, 'outcomes' | 'arrivals'>,
  site: number,
): Promise<(person: string) => Known> {
  const known = new Map<string, Known>()
  const note = (person: string, name: keyof Known, at: Instant) => {
    const before = known.get(person) ?? NOTHING
    if (at < before[name]) known.set(person, { ...before, [name]: at })
  }
  for (const { person, result, at } of await store.outcomes(site)) note(person, result, at)
  for (const { person, to, effectiveAt } of await store.arrivals(site, [...IN_SALES_HANDS, ...REJECTIONS])) {
    if (WON.includes(to)) note(person, 'won', effectiveAt)
    if (REJECTIONS.includes(to)) note(person, 'lost', effectiveAt)
    if (IN_SALES_HANDS.includes(to)) note(person, 'handedOver', effectiveAt)
  }
  return person => known.get(person) ?? NOTHING
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
