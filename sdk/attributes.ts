import type { Emit, Given } from './emit.ts'
import { listenOn } from './target.ts'

/** Events without code: `data-ll-event="add_to_wishlist" data-ll-item_id="A1"`, on a click or, for a form, its submission. */
export function watchAttributes(emit: Emit): void {
  listenOn('click submit', '[data-ll-event]', (element, { type }) => {
    if (element.matches('form') !== (type === 'submit')) return
    const properties: Given = {}
    for (const { name, value } of element.attributes) {
      const property = /^data-ll-(?!(event|form|trait)$)(.+)/.exec(name)?.[2]
      if (property) properties[property] = value
    }
    emit(element.getAttribute('data-ll-event')!, properties)
  })
}
