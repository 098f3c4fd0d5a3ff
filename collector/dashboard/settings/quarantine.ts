import type { QuarantinedItem } from '../../../shared/quarantine.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html } from '../html.ts'
import { cut } from '../who.ts'
import { act, settingsPage } from './section.ts'

/** Characters of a text that are shown; the API has it whole. */
const SHOWN = 2_000

export interface QuarantineFigures {
  /** The most frequent first. */
  reasons: readonly { reason: string; count: number }[]
  /** The newest of them. */
  items: readonly QuarantinedItem[]
  /** Cursor of older ones. */
  next: string | null
}

/** `/settings/quarantine`: what was kept though it could not be an event, and why. */
export function quarantineSettings(frame: Frame, { reasons, items, next }: QuarantineFigures): Html {
  const { words } = frame
  return settingsPage(
    frame,
    '/settings/quarantine',
    html`<section class="card" aria-labelledby="quarantine-title">
        <h2 id="quarantine-title">${words.say('settings.quarantine')}</h2>
        <p class="hint">${words.say('quarantine.text')}</p>
        ${
          reasons.length === 0
            ? html`<p class="notice">${words.say('quarantine.none')}</p>`
            : html`<ul class="plain">
                  ${reasons.map(
                    ({ reason, count }) =>
                      html`<li>${words.number(count)} × <span lang="en">${cut(reason, 300)}</span></li>`,
                  )}
                </ul>
                <p class="hint">${words.say('quarantine.again.text')}</p>
                ${act(frame, '/settings/quarantine/again', words.say('quarantine.again'))}`
        }
      </section>
      ${
        items.length > 0 &&
        html`<section class="card" aria-labelledby="items-title">
          <h2 id="items-title">${words.say('quarantine.items')}</h2>
          <div class="folds">${items.map(item => entry(frame, item))}</div>
          ${next !== null && html`<p><a href="${link(frame, '/settings/quarantine', { after: next })}" rel="next">${words.say('quarantine.older')}</a></p>`}
        </section>`
      }`,
  )
}

const entry = ({ words }: Frame, { receivedAt, reason, raw, visitor }: QuarantinedItem): Html =>
  html`<details>
    <summary>
      <span class="soft">${words.dateTime(receivedAt)}</span> <span lang="en">${cut(reason, 160)}</span>
    </summary>
    <div class="stack">
      <p class="soft">${words.say('quarantine.visitor')}: <code>${cut(visitor, 80)}</code></p>
      <pre
        class="said"
        tabindex="0"
        role="region"
        aria-label="${words.say('setup.raw')}"
      ><code>${cut(raw, SHOWN)}</code></pre>
    </div>
  </details>`
