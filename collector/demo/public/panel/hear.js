// @ts-check
// Runs before the snippet, so that the panel misses nothing: what is said before panel.js has loaded waits here.
// Calls on window.leadlight may be made at any time; until the script runs, an array keeps them.
{
  /** @type {Window & { leadlight?: { push: (...calls: unknown[][]) => unknown }, heard?: unknown[] }} */
  const page = window
  const heard = (page.heard = /** @type {unknown[]} */ ([]))
  /** @param {unknown} news */
  const hear = news => {
    heard.push(news)
    dispatchEvent(new Event('heard'))
  }
  page.leadlight ??= /** @type {unknown[][]} */ ([])
  page.leadlight.push(
    ['on', 'event', (/** @type {unknown} */ event) => hear({ event })],
    ['on', 'sent', (/** @type {unknown} */ answer) => hear(answer)],
  )
}
