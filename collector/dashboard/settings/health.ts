import type { TrackingHealth } from '../../../shared/health.ts'
import type { Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { cut } from '../who.ts'
import { settingsPage } from './section.ts'

export interface HealthFigures {
  /** Why events cannot be kept now; `null` when they can. */
  failure: string | null
  version: string
  tracking: TrackingHealth
}

/** `/settings/health`: whether events can be kept, and how the tracking is doing. */
export function healthSettings(frame: Frame, { failure, version, tracking }: HealthFigures): Html {
  const { words, now } = frame
  const { lastAt, events, weak, lost, numbered, quarantined } = tracking
  const line = (label: string, value: Piece): Html =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`
  return settingsPage(
    frame,
    '/settings/health',
    html`<section class="card" aria-labelledby="ready-title">
        <h2 id="ready-title">${words.say('settings.collector')}</h2>
        ${
          failure === null
            ? html`<p class="notice">${words.say('settings.ready')}</p>`
            : html`<p class="problem">${words.say('settings.notReady')} <span lang="en">${cut(failure, 300)}</span></p>`
        }
        <dl class="facts">
          ${line(words.say('settings.version'), version)}
          ${line(words.say('settings.checks'), html`<code>/healthz</code> <code>/readyz</code> <code>/metrics</code>`)}
        </dl>
      </section>
      <section class="card" aria-labelledby="tracking-title">
        <h2 id="tracking-title">${words.say('health')}</h2>
        ${
          lastAt === null
            ? html`<p class="soft">${words.say('health.none')}</p>`
            : html`<dl class="facts">
                ${line(words.say('health.last'), html`${words.dateTime(lastAt)} <span class="soft">${words.relative(lastAt, now)}</span>`)}
                ${numbered > 0 && line(words.say('health.loss'), `${words.percent(lost / numbered, 2)} (${words.number(lost)} / ${words.number(numbered)})`)}
                ${Object.entries(weak).map(([mark, count]) =>
                  line(words.sayIf(`mark.${mark}`, mark), `${words.number(count)} / ${words.number(events)}`),
                )}
                ${quarantined.map(({ reason, count }) =>
                  line(
                    words.say('health.refused'),
                    html`${words.number(count)} <span class="soft" lang="en">${cut(reason, 200)}</span>`,
                  ),
                )}
              </dl>`
        }
      </section>`,
  )
}
