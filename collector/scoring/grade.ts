import type { Group, Model, Rule } from '../../shared/model.ts'

/** The most that each kind of score can come to in a model. */
export type Attainable = Record<Group['kind'], number>

/**
 * The most points a model can give for each kind: for each rule its cap, or else what one event or trait is worth; their
 * sum within the limits of the group; the sum of the groups within the limit of the total.
 */
export function attainable({ groups, rules, total }: Model): Attainable {
  const most = (kind: Group['kind']): number => {
    const sums = groups
      .filter(group => group.kind === kind)
      .map(({ id, max = Infinity }) => {
        const own = rules.filter(rule => rule.group === id)
        return Math.min(
          max,
          own.reduce((sum, rule) => sum + mostOf(rule), 0),
        )
      })
    return Math.min(
      total.max ?? Infinity,
      sums.reduce((sum, points) => sum + points, 0),
    )
  }
  return { engagement: most('engagement'), fit: most('fit') }
}

function mostOf(rule: Rule): number {
  const once = typeof rule.points === 'number' ? rule.points : (rule.points.max ?? rule.points.points)
  return Math.max(0, 'cap' in rule ? (rule.cap ?? once) : once)
}

/**
 * Fit A–D by engagement 1–4: `B2`. Each is a quarter of what the model can give: from 75 % A and 1, from 50 % B and 2,
 * from 25 % C and 3, else D and 4. Where a model gives nothing for a kind, nobody is better than D or 4.
 */
export function grade(scores: Record<Group['kind'], number>, most: Attainable): string {
  return 'ABCD'.charAt(quarter(scores.fit, most.fit)) + '1234'.charAt(quarter(scores.engagement, most.engagement))
}

function quarter(score: number, most: number): number {
  const share = most > 0 ? score / most : 0
  return share >= 0.75 ? 0 : share >= 0.5 ? 1 : share >= 0.25 ? 2 : 3
}
