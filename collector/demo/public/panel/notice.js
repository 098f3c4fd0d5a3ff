// @ts-check
// What needs saying at once: something is wrong, or a stage was reached.
import { el, part, say, stageName } from './element.js'

/** Milliseconds that a celebration lasts. */
export const CHEER = 8_000

/** @type {Record<string, string>} */
const CHEERS = {
  subscriber: 'Somebody who wants to hear from you.',
  lead: 'Somebody to talk to.',
  mql: 'Marketing qualified: time to hand over to sales.',
}

/** @param {string | null} what `null` when all is well again. @param {string[]} [because] */
export function showTrouble(what, because = []) {
  const box = part('trouble')
  box.hidden = what === null
  if (what === null) return
  const causes = because.map(cause => el('li', '', cause))
  box.replaceChildren(el('p', '', what), ...(causes.length > 0 ? [el('ul', '', ...causes)] : []))
  part('peek').textContent = 'Nothing has arrived'
  say(what)
}

/** @param {string} stage @param {number} milliseconds */
export function celebrate(stage, milliseconds) {
  const cheer = CHEERS[stage] ?? ''
  const sparks = el('span', 'sparks', ...Array.from({ length: 12 }, () => el('i', '')))
  sparks.setAttribute('aria-hidden', 'true')
  const joy = part('joy')
  joy.replaceChildren(sparks, el('strong', '', `${stageName(stage)} reached`), el('span', '', cheer))
  joy.hidden = false
  say(`${stageName(stage)} reached. ${cheer}`)
  setTimeout(() => (joy.hidden = true), milliseconds)
}
