import type { Surface } from './frame.ts'
import { html, type Html } from './html.ts'
import { plainPage } from './page.ts'

/** What could not be done, and why. The reason is in English: it is the API's own. */
export function problemPage(
  surface: Surface,
  {
    status,
    message,
    errors,
  }: { status: number; message: string; errors: readonly { pointer: string; detail: string }[] },
): Html {
  const { words } = surface
  const title = words.say(status === 404 ? 'problem.missing' : status >= 500 ? 'problem.broken' : 'problem.refused')
  return plainPage(surface, {
    title,
    main: html`
      <h1>${title}</h1>
      <p lang="en">${message}</p>
      ${
        errors.length > 0 &&
        html`<ul lang="en">
          ${errors.map(({ pointer, detail }) => html`<li><code>${pointer}</code> ${detail}</li>`)}
        </ul>`
      }
      <p><a href="/">${words.say('problem.home')}</a></p>
    `,
  })
}
