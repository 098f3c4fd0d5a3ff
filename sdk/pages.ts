import { later } from './guard.ts'
import { listen, undo } from './listen.ts'

/** Milliseconds between two looks at the address where nothing tells of its changes. */
const POLL = 500

/** Milliseconds that a router may take to render a page whose address it has set: to redirect, or to give it its title. */
const RENDERING = 100

/**
 * Calls `onPage` when a page is first seen, after each change of its address, and when it comes back from the
 * back/forward cache. Never while hidden: a prerendered page or a background tab may never be looked at. `wasHidden` says
 * whether it was when the script began, as it may have been left since.
 *
 * Browsers without the Navigation API are polled: methods of `history` that were patched could not be given back, as
 * others may have patched on top.
 */
export function watchPages(address: () => string, onPage: () => void, wasHidden: boolean): void {
  let shown = ''
  const show = () => {
    if (shown !== (shown = address())) onPage()
  }
  const look = () => document.hidden || show()
  const changed = () => later(look, RENDERING)
  const { navigation } = window
  if (navigation) listen('currententrychange', changed, navigation)
  else {
    const timer = setInterval(changed, POLL)
    undo.push(() => clearInterval(timer))
  }
  listen('pagehide visibilitychange', look)
  listen('pageshow', event => {
    if ((event as PageTransitionEvent).persisted) shown = ''
    look()
  })
  if (!wasHidden) show()
}
