import type { StoredEvent } from '../../../shared/event.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html } from '../html.ts'
import { about } from '../timeline.ts'
import { spoken } from '../who.ts'
import { settingsPage } from './section.ts'

/** An event as a line of the page, in words. */
export interface LiveLine {
  at: string
  time: string
  what: string
  about: string
  /** Why it is worth nothing; `null` when it counts. */
  mark: string | null
  /** Address of whose it is. */
  lead: string | null
}

/** How an event is told. */
export function liveLine(frame: Frame, event: StoredEvent, lead: string | null): LiveLine {
  const { words } = frame
  return {
    at: new Date(event.at).toISOString(),
    time: words.time(event.at),
    what: words.sayIf(`event.${event.type}`, spoken(event.type)),
    about: about(words, event),
    mark: event.mark === null ? null : words.say(`mark.${event.mark}`),
    lead: lead === null ? null : link(frame, `/leads/${encodeURIComponent(lead)}`),
  }
}

/** `/settings/live`: what is tracked, as it is stored. Without scripts, what was tracked last. */
export function liveSettings(frame: Frame, latest: readonly LiveLine[]): Html {
  const { words } = frame
  return settingsPage(
    frame,
    '/settings/live',
    html`<section class="card" aria-labelledby="live-title">
      <div class="between row">
        <h2 id="live-title">${words.say('settings.live')}</h2>
        <p class="row">
          <span
            class="soft"
            role="status"
            id="live-state"
            data-on="${words.say('live.on')}"
            data-paused="${words.say('live.paused')}"
            data-off="${words.say('live.off')}"
          ></span>
          <button type="button" hidden id="live-pause" data-resume="${words.say('live.resume')}">
            ${words.say('live.pause')}
          </button>
        </p>
      </div>
      <p class="hint">${words.say('live.text')}</p>
      <ol class="live" id="live" data-from="${link(frame, '/settings/live/events')}">
        ${latest.map(line => row(frame, line))}
      </ol>
      <template id="live-row">${row(frame, EMPTY)}</template>
    </section>`,
    ['live.js'],
  )
}

const EMPTY: LiveLine = { at: '', time: '', what: '', about: '', mark: '', lead: '#' }

const row = ({ words }: Frame, { at, time, what, about: text, mark, lead }: LiveLine): Html =>
  html`<li class="${mark !== null && 'weak'}">
    <time datetime="${at}">${time}</time>
    <span class="what"
      ><b>${what}</b> <span>${text}</span> ${mark !== null && html`<span class="chip">${mark}</span>`}</span
    >
    ${lead !== null && html`<a href="${lead}">${words.say('live.who')}<span class="visually-hidden">: ${what}, ${time}</span></a>`}
  </li>`
