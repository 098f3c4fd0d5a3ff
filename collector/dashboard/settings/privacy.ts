import type { ProfilingStop } from '../../../shared/person.ts'
import { STOP_REASONS } from '../../../shared/person.ts'
import { RETENTION } from '../../../shared/site.ts'
import { link, type Frame } from '../frame.ts'
import { flag, html, type Html } from '../html.ts'
import { snippetBox } from '../setup/install.ts'
import { settingsPage } from './section.ts'

export interface PrivacyFigures {
  /** Days that the collector is set to, for sites that say nothing of it; 0: never. */
  byDefault: number
  /** How many may not be scored, by why. */
  stops: Record<ProfilingStop['reason'], number>
  /** The tag for every page. */
  snippet: string
}

/** What the tag can be told about consent, by the attribute that says so. */
const CHOICES = [
  { id: 'profile', attribute: '' },
  { id: 'required', attribute: ' data-consent="required"' },
  { id: 'measure', attribute: ' data-mode="measure"' },
] as const

/** `/settings/privacy`: how long events are kept, and what is done with whose consent. */
export function privacySettings(frame: Frame, { byDefault, stops, snippet }: PrivacyFigures): Html {
  const { words, site, csrf } = frame
  const { retentionDays: days, retentionConfirm: confirmed } = site
  const said = (given: number): string =>
    given === 0 ? words.say('retention.never') : words.say('retention.days', { days: given })
  return settingsPage(
    frame,
    '/settings/privacy',
    html`<section class="card" aria-labelledby="retention-title">
        <h2 id="retention-title">${words.say('retention')}</h2>
        <p class="hint">${words.say('retention.text')}</p>
        <p>${words.say('retention.now')} <b>${said(days ?? byDefault)}</b></p>
        <form class="stack narrow" method="post" action="${link(frame, '/settings/privacy/retention')}">
          <input type="hidden" name="csrf" value="${csrf}" />
          <label for="retention-days">${words.say('retention.field')}</label>
          <input
            class="days"
            id="retention-days"
            name="days"
            inputmode="numeric"
            pattern="0|[1-9][0-9]{1,3}"
            value="${days === null ? '' : days}"
            aria-describedby="retention-hint"
          />
          <p class="hint" id="retention-hint">
            ${words.say('retention.hint', { least: RETENTION.least, most: RETENTION.most })}
            ${words.say('retention.default')} ${said(byDefault)}
          </p>
          <label class="check">
            <input type="checkbox" name="confirm" value="yes" ${flag('checked', days !== null && confirmed === days)} />
            ${words.say('retention.confirm')}
          </label>
          <p><button class="primary">${words.say('save')}</button></p>
        </form>
      </section>
      <section class="card" aria-labelledby="consent-title">
        <h2 id="consent-title">${words.say('consent')}</h2>
        <p class="hint">${words.say('consent.text')}</p>
        <div class="folds">
          ${CHOICES.map(
            ({ id, attribute }) =>
              html`<details>
                <summary>${words.say(`consent.${id}`)}</summary>
                <div class="stack">
                  <p class="hint">${words.say(`consent.${id}.text`)}</p>
                  ${snippetBox(frame, `tag-${id}`, snippet.replace('></script>', `${attribute}></script>`))}
                </div>
              </details>`,
          )}
        </div>
        <dl class="facts">
          ${STOP_REASONS.map(
            reason =>
              html`<div>
                <dt>${words.say(`consent.stops.${reason}`)}</dt>
                <dd>${words.number(stops[reason])}</dd>
              </div>`,
          )}
        </dl>
        <p class="hint">${words.say('consent.persons')}</p>
      </section>`,
    ['copy.js'],
  )
}
