import type { StoredEvent } from '../../shared/event.ts'
import { DAY, type Duration, type Instant } from '../../shared/instant.ts'
import type { EventCondition, SequenceCondition } from '../../shared/model.ts'
import { field, keyOf } from './field.ts'
import { isOfType } from './form.ts'
import type { PlannedLeaf } from './plan.ts'

/** Values of a sequence's `sameKey` that are followed at the same time; of more, those heard of last. */
export const MAX_CHAINS = 100

/** What an event condition remembers: the last events that count, as many as it asks for. */
export type Seen = [at: Instant, value: string][]

/**
 * What a sequence remembers: `true` once it was completed; else, for each key, the latest possible beginning of a run
 * that has come as far as each of its steps.
 */
export type Chains = true | [key: string, begun: (Instant | null)[]][]

export type Tally = Seen | Chains

/** The tally after an event whose type the leaf listens to; the same object when nothing changed. */
export function addToTally(leaf: PlannedLeaf, tally: Tally | null, event: StoredEvent): Tally | null {
  const { condition } = leaf
  return 'event' in condition
    ? addSeen(leaf, condition, tally as Seen | null, event)
    : addToChains(leaf, condition, tally as Chains | null, event)
}

/** Whether the leaf is true at an instant that is not before the last event tallied. */
export function isTallied(condition: EventCondition | SequenceCondition, tally: Tally | null, at: Instant): boolean {
  if (tally === null) return false
  if ('sequence' in condition) return tally === true
  return countWithin(condition, tally as Seen, at) >= (condition.count ?? 1)
}

/** How many of the events that an event condition asks for have happened, at most as many as it asks for. */
export function countWithin({ within }: EventCondition, seen: Seen, at: Instant): number {
  return seen.filter(([then]) => at - then <= span(within)).length
}

const span = (days: number | undefined): Duration => (days ?? Infinity) * DAY

function addSeen(
  { steps }: PlannedLeaf,
  condition: EventCondition,
  seen: Seen | null,
  event: StoredEvent,
): Seen | null {
  const { count = 1, within, distinct } = condition
  if (within === undefined && seen && seen.length >= count) return seen
  if (!steps[0]?.matches(event)) return seen
  const value = distinct === undefined ? '' : keyOf(field(event, distinct))
  if (distinct === undefined) return [...(seen ?? []), [event.at, value] as Seen[number]].slice(-count)
  if (value === '') return seen
  // Of a value seen again the later time is the one that stays longest within any window.
  const others = (seen ?? []).filter(([, other]) => other !== value)
  return [...others, [event.at, value] as Seen[number]].slice(-count)
}

function addToChains(
  { steps }: PlannedLeaf,
  { sameKey, within }: SequenceCondition,
  chains: Chains | null,
  event: StoredEvent,
): Chains | null {
  if (chains === true) return chains
  const key = sameKey === undefined ? '' : keyOf(field(event, sameKey))
  if (sameKey !== undefined && key === '') return chains
  const known = chains?.find(([other]) => other === key)
  const begun = steps.map((_, step) => known?.[1][step] ?? null)
  let moved = false
  // From the last step to the first, so that one event is not two steps.
  for (let step = steps.length - 1; step >= 0; step--) {
    const { event: type, matches } = steps[step]!
    const start = step === 0 ? event.at : (begun[step - 1] ?? null)
    if (start === null || !isOfType(event, type) || !matches(event) || event.at - start > span(within)) continue
    begun[step] = start
    moved = true
  }
  if (!moved) return chains
  if (begun.at(-1) !== null) return true
  const others = (chains ?? []).filter(([other]) => other !== key)
  return [...others, [key, begun] as [string, (Instant | null)[]]].slice(-MAX_CHAINS)
}
