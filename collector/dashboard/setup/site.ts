import { link, type Frame } from '../frame.ts'
import { html, type Html } from '../html.ts'
import { setUpPage } from './steps.ts'

/** `/setup`: which site. `demo` is the address of the demo shop, where it is served. */
export function siteStep(frame: Frame, { isVerified, demo }: { isVerified: boolean; demo: string | null }): Html {
  const { words, site } = frame
  return setUpPage(frame, 'site', {
    isVerified,
    main: html`
      ${
        demo !== null &&
        html`<section class="card between row" aria-labelledby="demo-title">
          <div class="stack">
            <h2 id="demo-title">${words.say('setup.demo')}</h2>
            <p class="soft">${words.say('setup.demo.text')}</p>
          </div>
          <p class="row">
            <a class="button primary" href="${demo}" target="_blank" rel="noopener">${words.say('setup.demo.open')}</a>
            <a class="button" href="${link(frame, '/setup/verify')}">${words.say('setup.demo.verify')}</a>
          </p>
        </section>`
      }
      <section class="card" aria-labelledby="site-title">
        <h2 id="site-title">${words.say('setup.site')}</h2>
        <p class="hint">${words.say('setup.site.text')}</p>
        ${siteForm(frame, { id: 'site', action: '/setup/site', submit: words.say('setup.next'), name: site.name, origins: site.origins })}
      </section>
    `,
  })
}

interface SiteForm {
  /** Of its fields, beginning with it. */
  id: string
  action: string
  submit: string
  name: string
  origins: readonly string[]
}

/** Name and origins of a site, known or new. */
export function siteForm(frame: Frame, { id, action, submit, name, origins }: SiteForm): Html {
  const { words, csrf } = frame
  return html`<form class="stack narrow" method="post" action="${link(frame, action)}">
    <input type="hidden" name="csrf" value="${csrf}" />
    <label for="${id}-name">${words.say('setup.site.name')}</label>
    <input id="${id}-name" name="name" value="${name}" required maxlength="100" />
    <label for="${id}-origins">${words.say('setup.site.origins')}</label>
    <textarea
      id="${id}-origins"
      name="origins"
      rows="3"
      spellcheck="false"
      required
      aria-describedby="${id}-origins-hint"
    >
${origins.join('\n')}</textarea>
    <p class="hint" id="${id}-origins-hint">${words.say('setup.site.originsHint')}</p>
    <p><button class="primary">${submit}</button></p>
  </form>`
}
