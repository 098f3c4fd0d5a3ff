// @ts-check
// The panel's elements. Whatever comes back from tracking reaches the page as text nodes, never as markup.

/** The part of the panel that the server marked so. @param {string} name @returns {HTMLElement} */
export const part = name => {
  const element = document.querySelector(`[data-panel="${name}"]`)
  if (element instanceof HTMLElement) return element
  throw new Error(`The panel has no part "${name}".`)
}

/** @param {string} tag @param {string} className @param {...(Node | string)} children */
export const el = (tag, className, ...children) => {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.append(...children)
  return element
}

/** Puts `children` under the part's own heading; without any the part is hidden. @param {string} name @param {...(Node | string)} children */
export const fill = (name, ...children) => {
  const section = part(name)
  section.replaceChildren(...(section.firstElementChild ? [section.firstElementChild] : []), ...children)
  section.hidden = children.length === 0
}

/** For a screen reader. @param {string} text */
export const say = text => {
  if (part('spoken').textContent !== text) part('spoken').textContent = text
}

/** The time of day, with the date unless it is recent. @param {number} at */
export const clock = at => {
  const date = new Date(at)
  const time = date.toLocaleTimeString('en-GB')
  const recent = Date.now() - at < 12 * 3_600_000
  return recent ? time : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`
}

/** @type {Record<string, string>} */
const STAGES = { visitor: 'Visitor', subscriber: 'Subscriber', lead: 'Lead', mql: 'MQL' }

/** The stages in their order, and how they are written. */
export const stages = Object.entries(STAGES)

/** @param {string} stage */
export const stageName = stage => STAGES[stage] ?? stage
