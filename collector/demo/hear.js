// @ts-check
// Runs before the snippet, so that the panel misses nothing: answers that come before panel.js has loaded wait here.
// Calls on window.leadlight may be made at any time; until the script runs, an array keeps them.
{
  /** @type {Window & { leadlight?: { push: (call: unknown[]) => unknown }, heard?: unknown[] }} */
  const page = window
  const heard = (page.heard = /** @type {unknown[]} */ ([]))
  page.leadlight ??= /** @type {unknown[][]} */ ([])
  page.leadlight.push([
    'on',
    'sent',
    (/** @type {unknown} */ answer) => {
      heard.push(answer)
      dispatchEvent(new Event('heard'))
    },
  ])
}
