import type { StoredEvent } from '../../shared/event.ts'
import type { Touch } from '../../shared/touch.ts'
import { field } from './field.ts'

export const DIRECT = '(direct)'
const MAX_PATH = 500

/** How a person came: the first known way, the last that was not direct, and the first page for want of any. */
export interface Touches {
  first: Touch | null
  last: Touch | null
  direct: Touch | null
}

export const NO_TOUCHES: Touches = { first: null, last: null, direct: null }

export function addToTouches(touches: Touches, event: StoredEvent): Touches {
  const { touch } = event
  if (touch) {
    return {
      first: touches.first ?? touch,
      last: touch.source === DIRECT ? touches.last : touch,
      direct: null,
    }
  }
  if (event.type !== 'page_view' || touches.first || touches.direct) return touches
  const path = field(event, 'path')
  const landing = typeof path === 'string' ? { landing_page: path.slice(0, MAX_PATH) } : {}
  return { ...touches, direct: { at: event.at, source: DIRECT, medium: '(none)', ...landing } }
}

/** The first way a person is known to have come; direct when only pages without an origin are known. */
export const firstTouch = ({ first, direct }: Touches): Touch | null => first ?? direct

/** The last way that says something, as GA4 counts it: coming back directly takes no merit from the ad before. */
export const lastTouch = (touches: Touches): Touch | null => touches.last ?? firstTouch(touches)
