import type { EventRule } from '../../shared/model.ts'

/** Slots remembered for a rule; of more, those first taken last. Nobody carts a hundred things a day. */
export const MAX_SLOTS = 100
/** A slot of a visit is forgotten when this many visits have begun since. */
export const MAX_VISITS_BACK = 16

/** How often a rule has admitted in a bucket (a visit's or day's number, 0 for ever), by the limit's key. */
export type Slot = [bucket: number, key: string, admitted: number]

/** The slots after admitting one more event; `null` when its slot is full. */
export function take(
  slots: readonly Slot[],
  { n, per }: NonNullable<EventRule['limit']>,
  bucket: number,
  key: string,
): Slot[] | null {
  const mine = slots.findIndex(slot => slot[0] === bucket && slot[1] === key)
  const admitted = slots[mine]?.[2] ?? 0
  if (admitted >= n) return null
  if (mine >= 0) return slots.with(mine, [bucket, key, admitted + 1])
  const oldest = per === 'visit' ? bucket - MAX_VISITS_BACK + 1 : bucket
  return [...slots.filter(slot => slot[0] >= oldest), [bucket, key, 1] as Slot].slice(-MAX_SLOTS)
}
