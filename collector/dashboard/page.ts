import { link, type Frame, type Surface } from './frame.ts'
import { html, type Html, type Piece } from './html.ts'
import { ICONS, logo } from './icon.ts'
import { NAV, type NavPath } from './nav.ts'
import { preferenceMenu } from './preferences.ts'

export interface Page {
  /** Of the browser's tab, and of the page unless it has a head of its own. */
  title: string
  /** The page of the navigation that this one belongs to. */
  nav?: NavPath
  /** Instead of the title alone: a first-level heading and what stands beside it. */
  head?: Html
  main: Piece
  /** Names of scripts that this page needs. It must be of use without them. */
  scripts?: readonly string[]
}

/** A whole page for somebody who is signed in. */
export function page(frame: Frame, { title, nav, head, main, scripts = [] }: Page): Html {
  const { words, site, notice } = frame
  const body = html`
    <a class="skip" href="#main">${words.say('skip')}</a>
    <header class="top">
      <div class="bar">
        <a class="brand" href="${link(frame, '/')}">${logo}<span>Leadlight</span></a>
        ${siteSwitcher(frame)}
        <nav aria-label="${words.say('nav.pages')}">
          <ul>
            ${NAV.map(
              ({ path, word }) =>
                html`<li><a href="${link(frame, path)}" ${path === nav && CURRENT}>${words.say(word)}</a></li>`,
            )}
          </ul>
        </nav>
        ${accountMenu(frame)}
      </div>
    </header>
    <main id="main" tabindex="-1">
      ${head ?? html`<h1>${title}</h1>`} ${notice !== null && html`<p class="notice" role="status">${notice}</p>`}
      ${main}
    </main>
  `
  return whole(frame, `${title} · ${site.name}`, body, scripts)
}

const CURRENT = html`aria-current="page"`

/** A page for whoever is not signed in: one card. */
export function plainPage(surface: Surface, { title, main, scripts = [] }: Page): Html {
  const body = html`<main id="main" class="alone">
    <p class="brand">${logo}<span>Leadlight</span></p>
    <div class="card">${main}</div>
  </main>`
  return whole(surface, title, body, scripts)
}

/** A page for anybody: as wide as those inside. */
export const openPage = (surface: Surface, { title, main, scripts = [] }: Page): Html =>
  whole(
    surface,
    title,
    html`<header class="top">
        <div class="bar">
          <a class="brand" href="/">${logo}<span>Leadlight</span></a>
        </div>
      </header>
      <main id="main" tabindex="-1">${main}</main>`,
    scripts,
  )

const whole = ({ words, theme, asset }: Surface, title: string, body: Html, scripts: readonly string[]): Html =>
  html`<!doctype html>
    <html lang="${words.language}" data-theme="${theme}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="${theme === 'auto' ? 'light dark' : theme}" />
        <meta name="robots" content="noindex" />
        <title>${title} · Leadlight</title>
        <link rel="icon" type="image/svg+xml" href="${asset('icon.svg')}" />
        <link rel="preload" as="font" type="font/woff2" href="${asset('inter.woff2')}" crossorigin />
        <link rel="stylesheet" href="${asset('dashboard.css')}" />
        ${scripts.map(name => html`<script type="module" src="${asset(name)}"></script>`)}
      </head>
      <body>
        ${body}
      </body>
    </html>`

/** Only where there are several. */
function siteSwitcher({ words, site, sites }: Frame): Piece {
  if (sites.length < 2) return null
  return html`<div class="menu">
    <button type="button" class="quiet" popovertarget="sites">
      <span class="visually-hidden">${words.say('site')}: </span><span class="clip">${site.name}</span>${ICONS.down}
    </button>
    <div id="sites" popover class="sheet start">
      <ul>
        ${sites.map(
          other =>
            html`<li>
              <a href="/?site=${other.id}" ${other.id === site.id && html`aria-current="true"`}>${other.name}</a>
            </li>`,
        )}
      </ul>
    </div>
  </div>`
}

function accountMenu(frame: Frame): Html {
  const { words, account, csrf } = frame
  return html`<div class="menu account">
    <button type="button" class="quiet" popovertarget="account">
      ${ICONS.person}<span class="clip">${account.name}</span>${ICONS.down}
    </button>
    <div id="account" popover class="sheet end">
      ${preferenceMenu(frame, csrf)}
      <form method="post" action="/logout" class="leave">
        <input type="hidden" name="csrf" value="${csrf}" />
        <button class="quiet">${words.say('logout')}</button>
      </form>
    </div>
  </div>`
}
