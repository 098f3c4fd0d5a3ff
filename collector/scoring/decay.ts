import { DAY, type Duration } from '../../shared/instant.ts'

/** A half-life in the unit of instants. Points without one never fade: theirs is endless. */
export const halfLife = (days: number | null | undefined): Duration => (days ?? Infinity) * DAY

/** What is left of one point after a time: 2^(−elapsed/half-life). */
export const remaining = (elapsed: Duration, half: Duration): number => 2 ** (-elapsed / half)

/** Points kept within a cap: the most for a positive one, the least for a negative one. */
export function capped(points: number, cap: number | undefined): number {
  if (cap === undefined) return points
  return cap < 0 ? Math.max(points, cap) : Math.min(points, cap)
}
