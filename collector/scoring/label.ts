import { DAY, MINUTE, type Instant } from '../../shared/instant.ts'
import type { Label } from '../../shared/model.ts'
import { firstAt, type Course } from './course.ts'
import type { Fold } from './fold.ts'
import type { Plan } from './plan.ts'
import { scoreAt } from './score.ts'

/** A label that a person bears, and since when the score has been cool, if it is. `null`: not borne. */
export type Bearing = { coolSince: Instant | null } | null

const WARM: Bearing = { coolSince: null }

/** Below this a score is cool: a fifth under the label's threshold. */
const coolUnder = (gte: number): number => gte - Math.abs(gte) / 5

/**
 * A label is looked at after each event and on each full minute. It is taken on when the score has reached the threshold, and
 * put off when the score has been cool for 24 hours at every look, so that nothing flaps.
 */
function look({ gte }: Label, bearing: Bearing, score: number, at: Instant): Bearing {
  if (score >= gte) return WARM
  if (bearing === null) return null
  if (score >= coolUnder(gte)) return WARM
  const coolSince = bearing.coolSince ?? at
  return at - coolSince >= DAY ? null : { coolSince }
}

/** The labels after an event that has just been folded. */
export function labelsAfter(plan: Plan, fold: Fold, at: Instant): Bearing[] {
  if (fold.labels.length === 0) return fold.labels
  const scores = scoreAt(plan, fold, at)
  return plan.model.labels.map((label, index) => look(label, fold.labels[index] ?? null, scores[label.score], at))
}

/** The labels on the last full minute until `until`, when nothing has happened since the fold's last event. */
export function labelsUntil(plan: Plan, { last, labels }: Fold, until: Instant, course: () => Course): Bearing[] {
  if (labels.length === 0 || last === null || Math.floor(until / MINUTE) <= Math.floor(last.at / MINUTE)) return labels
  return plan.model.labels.map((label, index) => {
    let turn: Turn = { at: last.at, bearing: labels[index] ?? null }
    for (
      let next = turnAfter(label, turn, course(), until);
      next?.exact;
      next = turnAfter(label, turn, course(), until)
    )
      turn = next
    return turn.bearing
  })
}

/** The next full minute after `at` on which time alone takes a label on or off; endless when it does not, until then. */
export function labelsFlipAt(
  plan: Plan,
  labels: readonly Bearing[],
  at: Instant,
  course: () => Course,
  until: Instant = Infinity,
): Instant {
  const flips = plan.model.labels.map((label, index) => {
    const now = labels[index] ?? null
    let turn: Turn | null = { at, bearing: now }
    while (turn && (turn.bearing === null) === (now === null)) {
      const next: (Turn & { exact: boolean }) | null = turnAfter(label, turn, course(), until)
      if (next && !next.exact) return next.at
      turn = next
    }
    return turn?.at ?? Infinity
  })
  return Math.min(Infinity, ...flips)
}

/** What a label is from an instant on. */
interface Turn {
  at: Instant
  bearing: Bearing
}

/** The next look of time alone that changes what is remembered of a label. All looks between the two change nothing. */
function turnAfter(
  label: Label,
  { at: after, bearing }: Turn,
  course: Course,
  until: Instant,
): (Turn & { exact: boolean }) | null {
  const cool = { score: label.score, gte: coolUnder(label.gte) }
  const turn = (found: ReturnType<typeof firstAt>, to: (at: Instant) => Bearing) =>
    found && { ...found, bearing: to(found.at) }
  if (bearing === null) return turn(firstAt(course, label, { reached: true, after, until }), () => WARM)
  if (bearing.coolSince === null)
    return turn(firstAt(course, cool, { reached: false, after, until }), at => ({ coolSince: at }))
  const end = Math.max(Math.ceil((bearing.coolSince + DAY) / MINUTE), Math.floor(after / MINUTE) + 1) * MINUTE
  const warm = firstAt(course, cool, { reached: true, after, until: Math.min(end, until) })
  if (warm) return turn(warm, () => WARM)
  return end <= until ? { at: end, exact: true, bearing: null } : null
}
