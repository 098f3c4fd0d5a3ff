import { address } from './address.ts'
import type { Emit, Given } from './emit.ts'
import { later } from './guard.ts'
import { listen, type Undo } from './listen.ts'
import { target } from './target.ts'

/** Fields that may be spoken of: nothing secret, however it is marked. */
const FIELDS =
  ':is(input,select,textarea):not([type=hidden],[type=password],[type=submit],[autocomplete^=cc-],[autocomplete=one-time-code],[data-ll-ignore],[data-ll-ignore] *)'

/** Milliseconds in which a second submission of the same form is the same one. */
const SAME = 1_000
/** Milliseconds in which a form sent by a script takes its page away. */
const LEAVING = 3_000

/**
 * `form_start` with the first input, and `form_submit`, said as by the person whom the marked fields make known. Of all
 * other fields the names only.
 */
export function watchForms(emit: Emit, emitAs: Emit): Undo {
  const started = new WeakSet<Element>()
  const submitted = new WeakSet<Element>()
  /** Says what was sent by a script, should the page now be left. */
  let leaving: (() => void) | undefined

  const undo = [
    listen('input', event => {
      const form = target(event, 'form')
      if (!form || started.has(form)) return
      started.add(form)
      emit('form_start', describe(form))
    }),
    listen('submit formdata', event => {
      const form = target(event, 'form')
      if (!form || submitted.has(form)) return
      const properties = describe(form, {})
      if (event.type === 'submit') {
        submitted.add(form)
        later(() => submitted.delete(form), SAME)
        // Whether the page sends the form itself is known after its handlers.
        later(() => emitAs('form_submit', { ...properties, prevented: event.defaultPrevented || undefined }))
      } else {
        // `form.submit()` tells of itself by this alone, but so does any `new FormData(form)`.
        leaving = () => emitAs('form_submit', properties)
        later(() => (leaving = undefined), LEAVING)
      }
    }),
    listen('pagehide', () => leaving?.()),
  ]
  return () => undo.forEach(each => each())
}

/** Reads attributes, as `form.id` and its like may be shadowed by a control of that name; and values, if traits are wanted. */
function describe(form: Element, traits?: Given): Given {
  const attribute = (name: string) => form.getAttribute(name) || undefined
  const fields = new Set<string>()
  for (const field of form.querySelectorAll<HTMLInputElement>(FIELDS)) {
    const trait = field.getAttribute('data-ll-trait')
    if (field.name) fields.add(field.name)
    if (traits && trait && (field.checked || !/radio|checkbox/.test(field.type)) && field.value)
      traits[trait] = field.value
  }
  return {
    form_id: attribute('id'),
    form_name: attribute('name'),
    form_destination: address(attribute('action') || location.href, document.baseURI),
    form_kind: attribute('data-ll-form'),
    fields: [...fields],
    traits,
  }
}
