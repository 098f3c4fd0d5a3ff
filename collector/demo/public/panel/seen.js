// @ts-check
// What was captured, the newest first, and what the collector said to it.
import { clock, el, fill } from './element.js'
import { ofStored } from './verdict.js'

/** @typedef {import('../../../../shared/event.ts').WireEvent} WireEvent */
/** @typedef {import('../../../../shared/event.ts').StoredEvent} StoredEvent */
/** @typedef {{ event: WireEvent, verdict: import('./verdict.js').Verdict }} Seen */

/** Events on the list. */
const MOST = 50
/** Properties that say little at a glance. */
const DULL = /url|destination|currency|_id$|webdriver/
/** Properties of an event that are shown, and characters of each. */
const [PROPERTIES, LENGTH] = [4, 40]

/**
 * @param {readonly StoredEvent[]} stored
 * @param {readonly Seen[]} captured On this page, stored or not.
 */
export function showSeen(stored, captured) {
  const entries = new Map(captured.map(entry => [entry.event.id, entry]))
  for (const event of stored) {
    const heard = entries.get(event.id)?.verdict
    entries.set(event.id, { event, verdict: heard?.verdict === 'duplicate' ? heard : ofStored(event) })
  }
  const newest = [...entries.values()].toSorted(({ event: a }, { event: b }) => b.at - a.at || (a.id < b.id ? 1 : -1))
  fill('events', ...(newest.length > 0 ? [el('ol', 'seen', ...newest.slice(0, MOST).map(line))] : []))
}

/** @param {Seen} seen */
const line = ({ event, verdict: { verdict, reason } }) =>
  el(
    'li',
    '',
    el('span', 'type', event.type),
    el('span', `verdict ${verdict}`, verdict),
    el('span', 'faint', `${clock(event.at)} ${gist(event)}`),
    ...(reason ? [el('span', 'reason', reason)] : []),
  )

/** What is worth reading of an event at a glance. @param {WireEvent | StoredEvent} event */
function gist(event) {
  const words = []
  if (event.type === 'page_view' && event.url)
    words.push(URL.canParse(event.url) ? new URL(event.url).pathname : event.url)
  if ('touch' in event && event.touch) {
    const { source, medium, campaign } = event.touch
    words.push(`from ${[source, medium, campaign].filter(Boolean).join(' / ')}`)
  }
  for (const [name, value] of Object.entries(event.properties ?? {})) {
    if (name === 'engaged_ms' && typeof value === 'number') words.push(`${Math.round(value / 1000)} s active`)
    else if (name === 'traits' && value) words.push(`known: ${Object.keys(value).join(', ')}`)
    else if (!DULL.test(name) && value !== null && typeof value !== 'object') words.push(`${name} ${value}`)
  }
  return words
    .slice(0, PROPERTIES)
    .map(word => (word.length > LENGTH ? `${word.slice(0, LENGTH - 1)}…` : word))
    .join(' · ')
}
