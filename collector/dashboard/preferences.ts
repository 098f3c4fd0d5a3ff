import { link, THEMES, type Frame, type Surface } from './frame.ts'
import { flag, html, type Html } from './html.ts'
import { page } from './page.ts'
import { LANGUAGES } from './words.ts'

/** Language and theme at once, the time zone by way of a page of its own. Whoever is signed in hands in the session's token. */
export function preferenceMenu(surface: Surface, csrf?: string): Html {
  const { words, theme, here } = surface
  return html`<form method="post" action="/preferences">
    <input type="hidden" name="back" value="${here}" />
    ${csrf !== undefined && html`<input type="hidden" name="csrf" value="${csrf}" />`}
    <fieldset class="segments">
      <legend>${words.say('theme')}</legend>
      ${THEMES.map(
        name =>
          html`<button name="theme" value="${name}" aria-pressed="${name === theme ? 'true' : 'false'}">
            ${words.say(`theme.${name}`)}
          </button>`,
      )}
    </fieldset>
    <fieldset class="choices">
      <legend>${words.say('language')}</legend>
      ${Object.entries(LANGUAGES).map(
        ([code, name]) =>
          html`<button
            name="language"
            value="${code}"
            lang="${code}"
            aria-pressed="${code === words.language ? 'true' : 'false'}"
          >
            ${name}
          </button>`,
      )}
    </fieldset>
    ${csrf !== undefined && html`<p><a href="/preferences">${words.say('zone')}: ${words.zone}</a></p>`}
  </form>`
}

/** `/preferences`: the time zone in which times are told. */
export function preferencesPage(frame: Frame, zones: readonly string[]): Html {
  const { words, csrf } = frame
  return page(frame, {
    title: words.say('preferences'),
    main: html`<form class="card stack narrow" method="post" action="/preferences">
      <input type="hidden" name="csrf" value="${csrf}" />
      <input type="hidden" name="back" value="${link(frame, '/preferences')}" />
      <label for="zone">${words.say('zone')}</label>
      <select id="zone" name="zone">
        ${zones.map(zone => html`<option ${flag('selected', zone === words.zone)}>${zone}</option>`)}
      </select>
      <p class="hint">${words.say('zone.hint')}</p>
      <p><button class="primary">${words.say('save')}</button></p>
    </form>`,
  })
}
