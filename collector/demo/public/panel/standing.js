// @ts-check
// Where the visitor stands: the stage, the score, why, and what is missing for the next stage.
import { account, decimals, tenths } from './account.js'
import { clock, el, fill, part, stageName, stages } from './element.js'

/** @typedef {import('../../shop.ts').Look} Look */
/** @typedef {import('../../../../shared/score.ts').EventPoints} EventPoints */

/** @param {Look} look */
export function showStanding(look) {
  showStages(look)
  showScore(look)
  showWhy(look)
  showNext(look)
}

/** @param {Look} look */
function showStages({ stage, transitions }) {
  const reached = stages.findIndex(([id]) => id === stage)
  part('stages').replaceChildren(
    ...stages.map(([id, name], place) => {
      const step = el('li', place <= reached ? 'reached' : '', name)
      if (place === reached) step.setAttribute('aria-current', 'step')
      const transition = transitions.find(({ to }) => to === id)
      if (transition) step.title = `since ${clock(transition.effectiveAt)}`
      return step
    }),
  )
}

/** @param {Look} look */
function showScore({ stage, explanation, mqlAt }) {
  const { score, grade, fit, engagement, model } = explanation
  const full = Math.max(100, mqlAt, score)
  const bar = el('div', 'bar', el('span', 'bar-fill'), el('span', 'bar-mark'))
  bar.setAttribute('role', 'meter')
  bar.setAttribute('aria-label', 'Score')
  bar.setAttribute('aria-valuemin', '0')
  bar.setAttribute('aria-valuemax', String(full))
  bar.setAttribute('aria-valuenow', score.toFixed(1))
  bar.style.setProperty('--score', String(Math.max(0, score) / full))
  bar.style.setProperty('--mark', String(mqlAt / full))
  const figures = el('p', 'figures', el('strong', '', tenths(score)), el('span', 'faint', `of ${mqlAt} for MQL`))
  const badge = el('span', 'grade', grade)
  badge.title = 'Grade: fit A to D, engagement 1 to 4'
  figures.append(badge)
  const parts = `engagement ${tenths(engagement)} · fit ${tenths(fit)} · model version ${model}`
  fill('score', figures, bar, el('p', 'faint', parts))
  part('peek').textContent = `${tenths(score)} of ${mqlAt} · ${stageName(stage)}`
}

/** @param {EventPoints} event @param {number} thousandths */
function single({ type, at, raw, capped, multiplier, reversed }, thousandths) {
  const sum = [decimals(Math.round(raw * 1000))]
  if (capped !== 0) sum.push(`${capped > 0 ? '+' : '−'} ${decimals(Math.round(Math.abs(capped) * 1000))} at the cap`)
  if (multiplier !== 1) sum.push(`× ${multiplier.toFixed(5)} for its age`)
  if (reversed) sum.push('taken back')
  return el(
    'li',
    '',
    el('span', '', `${type} ${clock(at)}`),
    el('span', 'faint', sum.join(' ')),
    el('span', 'points', decimals(thousandths)),
  )
}

/** @param {Look} look */
function showWhy({ explanation }) {
  const { lines, total } = account(explanation)
  const open = new Set([...part('why').querySelectorAll('details[open]')].map(({ id }) => id))
  const rows = lines.map(({ kind, name, note, thousandths, events }) => {
    const label = el('span', 'rule', el('span', '', name.replaceAll('_', ' ')), el('span', 'faint', note))
    const head = [label, el('span', 'points', decimals(thousandths))]
    if (events.length === 0) return el('li', kind, el('div', 'row', ...head))
    const details = el('details', '', el('summary', 'row', ...head))
    details.id = `why-${name}`
    details.toggleAttribute('open', open.has(details.id))
    details.append(el('ul', 'single', ...events.map(({ event, thousandths: points }) => single(event, points))))
    return el('li', kind, details)
  })
  const sum = el('div', 'row', el('span', 'rule', 'Score'), el('span', 'points', decimals(total)))
  fill('why', el('ul', 'lines', ...rows, el('li', 'total', sum)))
}

/** @param {Look} look */
function showNext({ explanation: { missing, coolsAt } }) {
  const nodes = []
  if (missing) {
    const needs = missing.needs.map(need => el('li', '', need))
    nodes.push(el('p', '', `Missing for ${stageName(missing.stage)}:`), el('ul', 'needs', ...needs))
  }
  if (coolsAt !== null) {
    const date = new Date(coolsAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })
    nodes.push(el('p', 'faint', `If nothing more happens, the score falls below the threshold on ${date}.`))
  }
  fill('next', ...nodes)
}
