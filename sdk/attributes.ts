import type { Emit, Given } from './emit.ts'
import { listen, type Undo } from './listen.ts'
import { target } from './target.ts'

/** Events without code: `data-ll-event="add_to_wishlist" data-ll-item_id="A1"`, on a click or, for a form, its submission. */
export function watchAttributes(emit: Emit): Undo {
  return listen('click submit', event => {
    const element = target(event, '[data-ll-event]')
    if (!element || element.matches('form') !== (event.type === 'submit')) return
    const properties: Given = {}
    for (const { name, value } of element.attributes) {
      const property = /^data-ll-(?!(event|form|trait)$)(.+)/.exec(name)?.[2]
      if (property) properties[property] = number(property, value) ?? value
    }
    emit(element.getAttribute('data-ll-event')!, properties)
  })
}

/** Prices and quantities as numbers; ids, and what would lose its leading zero, stay as they are. */
const number = (name: string, value: string): number | undefined =>
  !name.endsWith('id') && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) ? Number(value) : undefined
