import { link, type Frame } from '../frame.ts'
import { html, type Html } from '../html.ts'
import { siteForm } from '../setup/site.ts'
import { settingsPage } from './section.ts'

/** `/settings`: name and origins of the site, and another one. */
export function siteSettings(frame: Frame): Html {
  const { words, site } = frame
  return settingsPage(
    frame,
    '/settings',
    html`<section class="card" aria-labelledby="site-title">
        <h2 id="site-title">${site.name}</h2>
        <p class="hint">
          ${words.say('settings.writeKey')}: <code>${site.writeKey}</code> ·
          <a href="${link(frame, '/setup/install')}">${words.say('setup.install')}</a> ·
          <a href="${link(frame, '/setup/verify')}">${words.say('setup.verify')}</a>
        </p>
        ${siteForm(frame, {
          id: 'site',
          action: '/settings/site',
          submit: words.say('save'),
          name: site.name,
          origins: site.origins,
        })}
      </section>
      <section class="card" aria-labelledby="add-title">
        <h2 id="add-title">${words.say('settings.addSite')}</h2>
        ${siteForm(frame, {
          id: 'new',
          action: '/settings/sites',
          submit: words.say('settings.add'),
          name: '',
          origins: [],
        })}
      </section>`,
  )
}
