import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { page } from '../page.ts'
import type { Word } from '../words.ts'

/** The pages of the settings, in order. */
export const SECTIONS = [
  { path: '/settings', word: 'settings.site' },
  { path: '/settings/keys', word: 'settings.keys' },
  { path: '/settings/webhooks', word: 'settings.webhooks' },
  { path: '/settings/privacy', word: 'privacy' },
  { path: '/settings/quarantine', word: 'settings.quarantine' },
  { path: '/settings/live', word: 'settings.live' },
  { path: '/settings/health', word: 'settings.health' },
] as const satisfies { path: string; word: Word }[]

export type SectionPath = (typeof SECTIONS)[number]['path']

/** A page of the settings, with the way to all of them above. */
export function settingsPage(frame: Frame, path: SectionPath, main: Piece, scripts: readonly string[] = []): Html {
  const { words } = frame
  const { word } = SECTIONS.find(section => section.path === path)!
  return page(frame, {
    title: `${words.say(word)} · ${words.say('nav.settings')}`,
    nav: '/settings',
    scripts,
    head: html`<h1>${words.say('nav.settings')}</h1>`,
    main: html`<nav class="tabs" aria-label="${words.say('nav.settings')}">
        <ul>
          ${SECTIONS.map(
            section =>
              html`<li>
                <a href="${link(frame, section.path)}" ${section.path === path && html`aria-current="page"`}
                  >${words.say(section.word)}</a
                >
              </li>`,
          )}
        </ul>
      </nav>
      ${main}`,
  })
}

/** A button that is a form of its own. */
export const act = (
  frame: Frame,
  action: string,
  label: string,
  { about, fields = {} }: { about?: string; fields?: Record<string, string> } = {},
): Html =>
  html`<form method="post" action="${link(frame, action)}">
    <input type="hidden" name="csrf" value="${frame.csrf}" />
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button>${label}${about !== undefined && html`<span class="visually-hidden">: ${about}</span>`}</button>
  </form>`

/** A secret that is shown this once. */
export const secretCard = ({ words }: Frame, secret: string): Html =>
  html`<section class="card secret" aria-labelledby="secret-title">
    <h2 id="secret-title">${words.say('settings.secret')}</h2>
    <p class="hint">${words.say('settings.secret.text')}</p>
    <div class="snippet">
      <pre
        tabindex="0"
        role="region"
        aria-label="${words.say('settings.secret')}"
      ><code id="secret">${secret}</code></pre>
      <button type="button" hidden data-copy="secret" data-copied="${words.say('setup.copied')}">
        ${words.say('setup.copy')}
      </button>
    </div>
  </section>`
