import type { Account } from '../../shared/account.ts'
import type { Surface } from './frame.ts'
import { html, type Html } from './html.ts'
import { plainPage } from './page.ts'
import { preferenceMenu } from './preferences.ts'

export interface SignIn {
  /** What is wrong with the last try. */
  problem?: string
  /** Given before, or the only one that there is. */
  name: string
  /** Where to go then. */
  back: string
}

const problemLine = (problem: string | undefined): Html | false =>
  problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`

/** The browser's time zone, told by a script where there is one. */
const zoneField = html`<input type="hidden" name="zone" data-zone />`

/** `/login`: name and password. */
export function signInPage(surface: Surface, { problem, name, back }: SignIn): Html {
  const { words } = surface
  return plainPage(surface, {
    title: words.say('login'),
    scripts: ['zone.js'],
    main: html`
      <h1>${words.say('login')}</h1>
      ${problemLine(problem)}
      <form class="stack" method="post" action="/login">
        <input type="hidden" name="back" value="${back}" />
        ${zoneField}
        <label for="name">${words.say('login.name')}</label>
        <input id="name" name="name" value="${name}" autocomplete="username" required maxlength="100" />
        <label for="password">${words.say('login.password')}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200" />
        <p><button class="primary wide">${words.say('login.submit')}</button></p>
      </form>
      <p class="hint">${words.say('login.forgotten')} <code>leadlight login</code></p>
      <hr />
      ${preferenceMenu(surface)}
    `,
  })
}

/** `/login/:secret`: a password of so many characters at least is set, once. */
export function firstSignInPage(
  surface: Surface,
  { account, problem, min }: { account: Account; problem?: string; min: number },
): Html {
  const { words } = surface
  return plainPage(surface, {
    title: words.say('welcome'),
    scripts: ['zone.js'],
    main: html`
      <h1>${words.say('welcome')}</h1>
      <p>${words.say('welcome.text')}</p>
      ${problemLine(problem)}
      <form class="stack" method="post" action="${surface.here}">
        ${zoneField}
        <label for="name">${words.say('login.name')}</label>
        <input id="name" name="name" value="${account.name}" autocomplete="username" readonly />
        <label for="password">${words.say('login.newPassword')}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="new-password"
          required
          minlength="${min}"
          maxlength="200"
          aria-describedby="password-hint"
        />
        <p class="hint" id="password-hint">${words.say('login.length', { min })}</p>
        <p><button class="primary wide">${words.say('welcome.submit')}</button></p>
      </form>
      <hr />
      ${preferenceMenu(surface)}
    `,
  })
}

/** A link that has been used, or is too old. */
export function deadLinkPage(surface: Surface): Html {
  const { words } = surface
  return plainPage(surface, {
    title: words.say('deadLink'),
    main: html`
      <h1>${words.say('deadLink')}</h1>
      <p>${words.say('deadLink.text')}</p>
      <pre><code>leadlight login</code></pre>
      <p><a href="/login">${words.say('login')}</a></p>
    `,
  })
}
