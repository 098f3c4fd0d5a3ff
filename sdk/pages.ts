import { later } from './guard.ts'
import { listen, type Undo } from './listen.ts'
import { NAME } from './visitor.ts'

/**
 * Calls `onPage` when a page is first seen, after each change of its address, and when it comes back from the
 * back/forward cache. Never while hidden: a prerendered page or a background tab may never be looked at.
 */
export function watchPages(address: () => string, onPage: () => void): Undo {
  let shown = ''
  const look = () => {
    if (!document.hidden && shown !== (shown = address())) onPage()
  }
  // In a task of its own: routers replace what they have just pushed, and set the title late.
  const changed = () => void later(look)
  const { navigation } = window
  if (navigation) navigation.addEventListener('currententrychange', changed)
  else patchHistory()
  const undo = listen('pageshow visibilitychange popstate ' + NAME, event => {
    if ((event as PageTransitionEvent).persisted) shown = ''
    changed()
  })
  look()
  return () => {
    undo()
    navigation?.removeEventListener('currententrychange', changed)
  }
}

/**
 * Where the Navigation API is missing, the methods dispatch an event named as we are. Once a document, however often scripts are loaded again; it stays, as others may have patched
 * on top of it.
 */
function patchHistory(): void {
  const patched = history as History & { [NAME]?: true }
  if (patched[NAME]) return
  patched[NAME] = true
  for (const method of ['pushState', 'replaceState'] as const) {
    const original = history[method]
    history[method] = function (...given) {
      original.apply(this, given)
      dispatchEvent(new Event(NAME))
    }
  }
}
