// @ts-check

/** @typedef {import('../../../../shared/score.ts').Explanation} Explanation */
/** @typedef {import('../../../../shared/score.ts').EventPoints} EventPoints */

/**
 * One line of the sum that a score is. `thousandths` are whole, and the lines add up to the total exactly.
 * @typedef {object} Line
 * @property {'rule' | 'limit' | 'rounding'} kind
 * @property {string} name
 * @property {string} note
 * @property {number} thousandths
 * @property {{ event: EventPoints, thousandths: number }[]} events
 */

/**
 * An explanation as lines that add up as they are shown. Each line is the step between two rounded running sums,
 * so no line is off by more than a thousandth and together they miss nothing.
 * @param {Explanation} explanation
 * @returns {{ lines: Line[], total: number }}
 */
export function account(explanation) {
  let exact = 0
  let shown = 0
  /** @param {number} points */
  const take = points => {
    exact += points
    const step = Math.round(exact * 1000) - shown
    shown += step
    return step
  }

  /** @type {Line[]} */
  const lines = []
  for (const rule of explanation.rules.toSorted((a, b) => b.points - a.points)) {
    const events = rule.events.map(event => ({ event, thousandths: take(event.points) }))
    const rest = take(rule.points - rule.events.reduce((sum, event) => sum + event.points, 0))
    lines.push({
      kind: 'rule',
      name: rule.rule,
      note: rule.matched > 0 ? `${rule.group}, ${rule.admitted} of ${rule.matched} counted` : rule.group,
      thousandths: events.reduce((sum, event) => sum + event.thousandths, rest),
      events,
    })
  }
  for (const { scope, id, points } of explanation.clamps) {
    const thousandths = take(points)
    const name = scope === 'total' ? 'limit of the score' : `limit of ${id}`
    if (thousandths !== 0) lines.push({ kind: 'limit', name, note: '', thousandths, events: [] })
  }
  const residual = take(explanation.residual)
  if (residual !== 0) lines.push({ kind: 'rounding', name: 'rounding', note: '', thousandths: residual, events: [] })
  return { lines, total: shown }
}

/** `12.340`, with a real minus. @param {number} thousandths */
export const decimals = thousandths => (thousandths / 1000).toFixed(3).replace('-', '−')

/** `12.3`, and never minus nothing. @param {number} points */
export const tenths = points => (Math.round(points * 10) / 10 + 0).toFixed(1).replace('-', '−')
