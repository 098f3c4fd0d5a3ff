import { later } from './guard.ts'
import { listen, type Undo } from './listen.ts'

/** Milliseconds between two looks at the address where nothing tells of its changes. */
const POLL = 500

/**
 * Calls `onPage` when a page is first seen, after each change of its address, and when it comes back from the
 * back/forward cache. Never while hidden: a prerendered page or a background tab may never be looked at.
 *
 * Browsers without the Navigation API are polled: methods of `history` that were patched could not be given back, as
 * others may have patched on top.
 */
export function watchPages(address: () => string, onPage: () => void): Undo {
  let shown = ''
  const look = () => {
    if (!document.hidden && shown !== (shown = address())) onPage()
  }
  // In a task of its own: routers replace what they have just pushed, and set the title late.
  const changed = () => void later(look)
  const { navigation } = window
  navigation?.addEventListener('currententrychange', changed)
  const timer = navigation ? 0 : setInterval(changed, POLL)
  const undo = listen('pageshow visibilitychange popstate', event => {
    if ((event as PageTransitionEvent).persisted) shown = ''
    changed()
  })
  look()
  return () => {
    undo()
    navigation?.removeEventListener('currententrychange', changed)
    clearInterval(timer)
  }
}
