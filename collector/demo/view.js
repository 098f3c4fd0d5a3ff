// @ts-check
// From data to the panel's elements. Text from events reaches the page only as text nodes.
import { account, decimals } from './account.js'
import { ofStored } from './verdict.js'

/** @typedef {import('./shop.ts').Look} Look */
/** @typedef {import('../../shared/event.ts').WireEvent} WireEvent */
/** @typedef {import('../../shared/event.ts').StoredEvent} StoredEvent */
/** @typedef {import('../../shared/score.ts').EventPoints} EventPoints */
/** @typedef {import('./verdict.js').Verdict} Verdict */
/** @typedef {{ event: WireEvent, verdict: Verdict }} Sent */

/** @type {Record<string, string>} */
const NAMES = { visitor: 'Visitor', subscriber: 'Subscriber', lead: 'Lead', mql: 'MQL' }
/** @type {Record<string, string>} */
const CHEERS = {
  subscriber: 'You may be written to now.',
  lead: 'There is somebody to talk to.',
  mql: 'Marketing qualified: time to hand over to sales.',
}

/** @param {string} name @returns {HTMLElement} */
export const part = name => {
  const element = document.querySelector(`[data-panel="${name}"]`)
  if (element instanceof HTMLElement) return element
  throw new Error(`The panel has no part "${name}".`)
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
const el = (tag, className, ...children) => {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.append(...children)
  return element
}

/** Puts `children` under the part's own heading. @param {string} name @param {...(Node | string)} children */
const fill = (name, ...children) => {
  const section = part(name)
  section.replaceChildren(...(section.firstElementChild ? [section.firstElementChild] : []), ...children)
  section.hidden = children.length === 0
}

/** @param {number} at */
const clock = at => {
  const date = new Date(at)
  const time = date.toLocaleTimeString('en-GB')
  return Date.now() - at < 86_400_000
    ? time
    : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`
}

/** @param {string} text @param {number} length */
const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

/** @param {string} text For a screen reader. */
export const say = text => {
  if (part('spoken').textContent !== text) part('spoken').textContent = text
}

/** @param {Look} look @param {readonly Sent[]} sent */
export function showLook(look, sent) {
  showStages(look)
  showScore(look)
  showWhy(look)
  showNext(look)
  showEvents(look, sent)
}

/** @param {Look} look */
function showStages({ stage, transitions }) {
  const names = Object.entries(NAMES)
  const reached = names.findIndex(([id]) => id === stage)
  part('stages').replaceChildren(
    ...names.map(([id, name], place) => {
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
  const { score, grade, fit, engagement } = explanation
  const full = Math.max(100, mqlAt, score)
  const bar = el('div', 'bar', el('span', 'bar-fill'), el('span', 'bar-mark'))
  bar.setAttribute('role', 'meter')
  bar.setAttribute('aria-label', 'Score')
  bar.setAttribute('aria-valuemin', '0')
  bar.setAttribute('aria-valuemax', String(full))
  bar.setAttribute('aria-valuenow', score.toFixed(1))
  bar.style.setProperty('--score', String(Math.max(0, score) / full))
  bar.style.setProperty('--mark', String(mqlAt / full))
  fill(
    'score',
    el(
      'p',
      'figures',
      el('strong', '', score.toFixed(1)),
      el('span', 'faint', ` of ${mqlAt} for MQL`),
      el('span', 'grade', grade),
    ),
    bar,
    el('p', 'faint', `engagement ${engagement.toFixed(1)} · fit ${fit.toFixed(1)} · model ${explanation.model}`),
  )
  part('peek').textContent = `${score.toFixed(1)} of ${mqlAt} · ${NAMES[stage] ?? stage}`
}

/** @param {EventPoints} event @param {number} thousandths */
function eventLine(event, thousandths) {
  const sum = [String(+event.raw.toFixed(3))]
  if (event.capped !== 0) sum.push(`− ${+Math.abs(event.capped).toFixed(3)} over the cap`)
  if (event.multiplier !== 1) sum.push(`× ${event.multiplier.toFixed(5)}`)
  if (event.reversed) sum.push('taken back')
  return el(
    'li',
    '',
    el('span', '', `${event.type} ${clock(event.at)}`),
    el('span', 'faint', sum.join(' ')),
    el('span', 'points', decimals(thousandths)),
  )
}

/** @param {Look} look */
function showWhy({ explanation }) {
  const { lines, total } = account(explanation)
  const open = new Set([...part('why').querySelectorAll('details[open]')].map(({ id }) => id))
  const rows = lines.map(line => {
    const name = el('span', '', line.name.replaceAll('_', ' '))
    const head = [
      el('span', 'rule', name, el('span', 'faint', line.note)),
      el('span', 'points', decimals(line.thousandths)),
    ]
    if (line.events.length === 0) return el('li', line.kind, el('div', 'row', ...head))
    const details = el('details', '', el('summary', 'row', ...head))
    details.id = `why-${line.name}`
    if (open.has(details.id)) details.setAttribute('open', '')
    details.append(el('ul', 'single', ...line.events.map(({ event, thousandths }) => eventLine(event, thousandths))))
    return el('li', line.kind, details)
  })
  rows.push(el('li', 'total', el('div', 'row', el('span', 'rule', 'Score'), el('span', 'points', decimals(total)))))
  fill('why', el('ul', 'lines', ...rows))
}

/** @param {Look} look */
function showNext({ explanation: { missing, coolsAt } }) {
  const nodes = []
  if (missing) {
    const name = NAMES[missing.stage] ?? missing.stage
    nodes.push(el('p', '', `Missing for ${name}:`), el('ul', 'needs', ...missing.needs.map(need => el('li', '', need))))
  }
  if (coolsAt !== null) {
    const date = new Date(coolsAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })
    nodes.push(el('p', 'faint', `If nothing more happens, this cools below the threshold on ${date}.`))
  }
  fill('next', ...nodes)
}

/** What is worth reading of an event on one line. @param {WireEvent | StoredEvent} event */
function gist(event) {
  const words = []
  if ('touch' in event && event.touch)
    words.push(`from ${[event.touch.source, event.touch.medium, event.touch.campaign].filter(Boolean).join(' / ')}`)
  if (event.type === 'page_view' && event.url)
    words.unshift(URL.canParse(event.url) ? new URL(event.url).pathname : event.url)
  for (const [name, value] of Object.entries(event.properties ?? {})) {
    if (name === 'engaged_ms' && typeof value === 'number') words.push(`${Math.round(value / 1000)} s active`)
    else if (value !== null && typeof value !== 'object') words.push(`${name} ${value}`)
  }
  return short(words.slice(0, 4).join(' · '), 110)
}

/** @param {Look} look @param {readonly Sent[]} sent */
function showEvents(look, sent) {
  /** @type {Map<string, Sent>} */
  const entries = new Map(sent.map(entry => [entry.event.id, entry]))
  for (const event of look.events) {
    const answer = entries.get(event.id)?.verdict
    entries.set(event.id, { event, verdict: answer?.verdict === 'duplicate' ? answer : ofStored(event) })
  }
  const newest = [...entries.values()].toSorted((a, b) => b.event.at - a.event.at || (a.event.id < b.event.id ? 1 : -1))
  fill(
    'events',
    el(
      'ol',
      'seen',
      ...newest
        .slice(0, 50)
        .map(({ event, verdict: { verdict, reason } }) =>
          el(
            'li',
            '',
            el('span', 'type', event.type),
            el('span', `verdict ${verdict}`, verdict),
            el('span', 'faint', `${clock(event.at)} ${gist(event)}`),
            ...(reason ? [el('span', 'reason', reason)] : []),
          ),
        ),
    ),
  )
}

/** @param {string | null} what @param {string[]} [because] */
export function showTrouble(what, because = []) {
  const box = part('trouble')
  box.hidden = what === null
  if (what === null) return
  box.replaceChildren(
    el('p', '', what),
    ...(because.length > 0 ? [el('ul', '', ...because.map(cause => el('li', '', cause)))] : []),
  )
  part('peek').textContent = 'Nothing has arrived'
  say(what)
}

/** @param {string} stage */
export function celebrate(stage) {
  const name = NAMES[stage] ?? stage
  const cheer = CHEERS[stage] ?? ''
  const sparks = el('span', 'sparks', ...Array.from({ length: 12 }, () => el('i', '')))
  sparks.setAttribute('aria-hidden', 'true')
  const joy = part('joy')
  joy.replaceChildren(sparks, el('strong', '', `${name} reached`), el('span', '', cheer))
  joy.hidden = false
  say(`Stage ${name} reached. ${cheer}`)
  setTimeout(() => (joy.hidden = true), 8000)
}
