import type { StoredEvent } from '../../shared/event.ts'
import { DAY, type Instant } from '../../shared/instant.ts'
import type { EventCondition } from '../../shared/model.ts'
import { field, keyOf } from './field.ts'

/** What an event condition remembers: the last events that count, as many as it asks for. */
export type Seen = readonly (readonly [at: Instant, value: string])[]

export const NOT_SEEN: Seen = []

/** What is remembered after one more event that the condition means; the same when it changes nothing. */
export function addToSeen({ count = 1, within, distinct }: EventCondition, seen: Seen, event: StoredEvent): Seen {
  if (within === undefined && seen.length >= count) return seen
  if (distinct === undefined) return [...seen, [event.at, ''] as const].slice(-count)
  const value = keyOf(field(event, distinct))
  if (value === '') return seen
  // Of a value that comes again, the later time stays longer within any window.
  return [...seen.filter(([, other]) => other !== value), [event.at, value] as const].slice(-count)
}

/** How many of the events asked for have happened by an instant that is not before the last; never more than asked for. */
export function countSeen({ within = Infinity }: EventCondition, seen: Seen, at: Instant): number {
  return seen.filter(([then]) => at - then <= within * DAY).length
}
