import { isEventRule, type Plan } from './plan.ts'
import { traitValue, type Traits } from './trait.ts'

/**
 * How much of what fit asks for is known: the points of the rules whose every trait is known, of the points of all of them,
 * whatever their sign. 0 to 1; 1 when nothing is asked. Unknown is not bad, but a fit of which half is unknown is half a fit.
 */
export function coverage({ rules }: Plan, traits: Traits): number {
  let known = 0
  let all = 0
  for (const planned of rules) {
    if (isEventRule(planned)) continue
    const { trait, points } = planned.rule
    all += Math.abs(points)
    if (Object.keys(trait).every(name => traitValue(traits, name) !== null)) known += Math.abs(points)
  }
  return all === 0 ? 1 : known / all
}
