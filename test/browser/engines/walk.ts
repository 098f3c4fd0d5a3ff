import type { Place } from './place.ts'

/** How a view was left. */
export type Way = 'link' | 'location' | 'reload' | 'back' | 'close'

/**
 * A page that walks on by itself as soon as it is tracked, along `/walk/<lane>/<number>`: by link, by script, by reload, and
 * back. Of each view it tells how it is left, in the very moment in which it leaves.
 */
const WALK = `<a id="next">Next</a><script>{
  const [, , lane, number, last] = location.pathname.split('/')
  const to = step => '/walk/' + [lane, Number(number) + step, last].join('/')
  const WAYS = {
    link: () => document.getElementById('next').click(),
    location: () => { location = to(1) },
    past: () => { location = to(2) },
    reload: () => location.reload(),
    back: () => history.back(),
  }
  document.getElementById('next').href = to(1)
  // Pages of four: the third is left by reloading it, and visited again by going back from the fourth.
  const plan = ['link', 'location', 'reload', 'back'][number % 4]
  const again = { reload: 'link', back_forward: 'past' }
  const leave = way => {
    if (number === last) return
    if (typeof window.leadlight?.track !== 'function') return setTimeout(leave, 5, way)
    leadlight.track('leaving', { way: way === 'past' ? 'location' : way })
    WAYS[way]()
  }
  const soon = way => setTimeout(leave, 10 + Math.random() * 90, way)
  addEventListener('pageshow', event => {
    const { type } = performance.getEntriesByType('navigation')[0]
    soon(event.persisted ? again.back_forward : (again[type] ?? plan))
  })
}</script>`

/** Views on the way to page `last`, by how they are left. The last page is not left. */
export function planned(last: number): Record<Way, number> {
  const plan = { link: 0, location: 0, reload: 0, back: 0, close: 0 }
  for (let number = 0; number < last; number++) {
    const [first, ...more] = ([['link'], ['location'], ['reload', 'link', 'location'], ['back']] as const)[number % 4]!
    plan[first]++
    for (const way of more) plan[way]++
  }
  return plan
}

/** Makes room for so many lanes, each of as many pages; `last` divides by four. */
export function layWalk(place: Place, lanes: number, last: number, snippet = place.tag()): void {
  for (let lane = 0; lane < lanes; lane++) {
    for (let number = 0; number <= last; number++) place.page(`/walk/${lane}/${number}/${last}`, snippet + WALK)
  }
}
