import type { StoredEvent } from '../../../shared/event.ts'
import type { Place } from './place.ts'

/** How a page is left, in the order in which the steps of a walk take turns. */
export const WAYS = ['location', 'reload', 'back', 'link'] as const
export type Way = (typeof WAYS)[number]

/**
 * A page that is left as soon as it is tracked, and tells of the step in the very moment in which it leaves. The running
 * number of the step decides the way, whatever page that is and from where it was come to; in Firefox, a page from the
 * back/forward cache sees an old sessionStorage, so the number is in localStorage. A page that is still there after some
 * time is left by script, and says that it is `stuck`.
 */
const walk = (steps: number) => `<a id="next">Next</a><script>{
  const next = document.getElementById('next')
  const leave = {
    location: () => { location = next.href },
    reload: () => location.reload(),
    back: () => history.back(),
    link: () => next.click(),
  }
  let stuck
  const walk = () => {
    const step = Number(localStorage.step ?? 0)
    if (step === ${steps}) return
    if (typeof window.leadlight?.track !== 'function') return setTimeout(walk, 5)
    const way = ${JSON.stringify(WAYS)}[step % ${WAYS.length}]
    localStorage.step = step + 1
    next.href = '/walk/' + (step + 1)
    stuck = setTimeout(() => {
      leadlight.track('stuck', { step, way })
      leave.location()
    }, 2_000)
    leadlight.track('leaving', { step, way })
    leave[way]()
  }
  addEventListener('pageshow', () => setTimeout(walk, 10 + Math.random() * 90))
  addEventListener('pagehide', () => clearTimeout(stuck))
}</script>`

/**
 * Makes room for one walk, from `/walk/0` to the page `/walk/<steps>`, which no step leaves. If the steps divide by the ways,
 * that page has not been visited before.
 */
export function layWalk(place: Place, steps: number, snippet = place.tag()): void {
  for (let step = 0; step <= steps; step++) place.page(`/walk/${step}`, snippet + walk(steps))
}

/** By which ways steps really led on, given in order: those that were told, and that the page of the next step proves. */
export function gone(steps: StoredEvent[]): Way[] {
  return steps.flatMap(({ url, properties }, index) => {
    const next = steps[index + 1]?.url
    const been = steps.slice(0, index).some(earlier => earlier.url === next)
    const possible: Way[] = next === url ? ['reload'] : been ? ['back'] : ['location', 'link']
    return possible.filter(way => way === properties['way'])
  })
}
