import { DAY, MINUTE, type Instant } from '../../shared/instant.ts'
import type { Condition } from '../../shared/model.ts'
import type { Stage } from '../../shared/stage.ts'
import { isMet, momentOf, seenBy, type Moment } from './condition.ts'
import { courseOf, firstAt, type Course } from './course.ts'
import type { Fold } from './fold.ts'
import type { Plan } from './plan.ts'
import { mayReach } from './stage.ts'
import { parts } from './stage-plan.ts'

/**
 * The first instant after `at` at which time alone can bring a further stage; endless when it cannot, until then. Perhaps too early,
 * never too late: until then nobody need look.
 */
export function stageFlipsAt(plan: Plan, fold: Fold, stage: Stage, at: Instant, until: Instant = Infinity): Instant {
  const moment = momentOf(plan, fold, stage, at)
  if (moment.fold.last === null) return Infinity
  let course: Course | null = null
  const asked: Asked = { moment, until, course: () => (course ??= courseOf(plan, moment.fold)) }
  const further = plan.stages.filter(planned => mayReach(planned.stage, stage))
  return Math.min(Infinity, ...further.map(({ condition }) => chanceOf(condition, true, asked)))
}

interface Asked {
  moment: Moment
  until: Instant
  course: () => Course
}

/**
 * The earliest instant at which time alone can make a condition true, or untrue, that is not so now. Of a group, as many
 * parts must turn as are wanting; the last of them decides.
 */
function chanceOf(condition: Condition, wanted: boolean, asked: Asked): Instant {
  const { moment, until, course } = asked
  if ('not' in condition) return chanceOf(condition.not, !wanted, asked)
  if ('score' in condition) {
    const found = firstAt(course(), condition, { reached: wanted, after: moment.at, until, unit: 1 })
    return !found ? Infinity : found.exact ? found.at : Math.max(found.at, moment.at + MINUTE)
  }
  if ('event' in condition) {
    // Time only ever takes events out of a window: the first to leave it leaves one too few.
    const [oldest] = seenBy(condition, moment).filter(([then]) => moment.at - then <= (condition.within ?? 0) * DAY)
    return wanted || condition.within === undefined || !oldest
      ? Infinity
      : Math.floor(oldest[0] + condition.within * DAY) + 1
  }
  const needed = neededOf(condition)
  if (needed === null) return Infinity
  const turned = parts(condition).filter(part => isMet(part, moment) === wanted)
  const open = parts(condition).filter(part => !turned.includes(part))
  const wanting = wanted ? needed - turned.length : open.length - needed + 1
  const chances: Instant[] = []
  for (const [index, part] of open.entries()) {
    const chance = chanceOf(part, wanted, asked)
    if (chance < Infinity) chances.push(chance)
    else if (chances.length + open.length - index - 1 < wanting) return Infinity
  }
  return chances.toSorted((a, b) => a - b)[wanting - 1] ?? Infinity
}

/** How many of its parts a group needs; `null` for what time does not change. */
function neededOf(condition: Condition): number | null {
  if ('all' in condition) return condition.all.length
  if ('any' in condition) return 1
  return 'atLeast' in condition ? condition.atLeast.n : null
}
