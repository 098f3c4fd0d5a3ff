import type { StoredEvent } from '../../shared/event.ts'
import type { Json } from '../../shared/json.ts'
import type { Frame } from './frame.ts'
import { html, type Html } from './html.ts'
import { cut, spoken } from './who.ts'
import type { Words } from './words.ts'

/** A run of one browser's events with no long gap, the newest event first. What a server reports stands alone. */
export interface Visit {
  events: readonly StoredEvent[]
}

/** What happened, the newest first, grouped by visit. `points` are those that an event still holds. */
export function timeline(frame: Frame, visits: readonly Visit[], points: ReadonlyMap<string, number>): Html {
  const { words } = frame
  if (visits.length === 0) return html`<p class="soft">${words.say('timeline.none')}</p>`
  return html`<ol class="timeline">
    ${visits.map(visit => html`<li>${visitHead(frame, visit)}${eventList(frame, visit, points)}</li>`)}
  </ol>`
}

function visitHead({ words }: Frame, { events }: Visit): Html {
  const [last, first] = [events[0]!, events.at(-1)!]
  const touch = events.find(event => event.touch)?.touch
  const pages = events.filter(({ type }) => type === 'page_view').length
  const from = touch && cut([touch.source, touch.medium, touch.campaign].filter(Boolean).join(' / '), 90)
  const device = first.device && [first.device.browser, first.device.os].filter(Boolean).join(', ')
  const facts = [
    pages > 0 && words.say('timeline.pages', { count: pages }),
    last.at - first.at >= 1_000 && words.duration(last.at - first.at),
    from,
    device && cut(device, 60),
  ]
  return html`<h3>
      ${words.say(first.provenance === 'server' ? 'timeline.server' : 'timeline.visit', { at: words.dateTime(first.at) })}
    </h3>
    <p class="soft">${facts.filter(Boolean).join(' · ')}</p>`
}

function eventList({ words }: Frame, { events }: Visit, points: ReadonlyMap<string, number>): Html {
  return html`<ul>
    ${events.map(event => {
      const held = points.get(event.id)
      return html`<li id="e-${event.id}" class="${event.mark !== null && 'weak'}">
        <time datetime="${new Date(event.at).toISOString()}">${words.time(event.at)}</time>
        <span class="what"
          ><b>${words.sayIf(`event.${event.type}`, spoken(event.type))}</b> ${about(words, event)}
          ${event.mark !== null && html`<span class="chip">${words.say(`mark.${event.mark}`)}</span>`}</span
        >
        <span class="held">${held !== undefined && Math.abs(held) >= 0.05 && words.signed(held, 1)}</span>
      </li>`
    })}
  </ul>`
}

/** Properties that say best what an event was about. */
const TELLING = [
  'item_name',
  'item_id',
  'file_name',
  'form_name',
  'form_kind',
  'search_term',
  'video_title',
  'webinar',
  'link_url',
  'method',
]

/** What an event was about, in a few words; nothing where that goes without saying. */
export function about(words: Words, { type, title, url, properties }: StoredEvent): string {
  const engaged = properties['engaged_ms']
  if (type === 'user_engagement' && typeof engaged === 'number') return words.duration(engaged)
  if (type === 'page_view') return cut(title && title !== '' ? title : pathOf(url), 120)
  const told = TELLING.map(name => (Object.hasOwn(properties, name) ? plain(properties[name]) : '')).find(
    text => text !== '',
  )
  return told === undefined ? '' : cut(told, 120)
}

const plain = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

const pathOf = (url: string | undefined): string => (url === undefined ? '' : (URL.parse(url)?.pathname ?? url))
