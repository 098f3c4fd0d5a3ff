import { address } from './address.ts'
import type { Emit, Given } from './emit.ts'
import { later } from './guard.ts'
import { listen } from './listen.ts'
import { listenOn } from './target.ts'

/** Fields that are not spoken of, by their type, name or autocomplete: secrets, however they are marked. */
const SECRET = /pass|otp|one-t|cc-|card|cv[cv]|iban/i

/** What holds values that people enter, and is never read. */
const VALUES = 'select,textarea,output,[data-ll-ignore]'

/** Milliseconds in which a second submission of the same form is the same one. */
const SAME = 1_000
/** Milliseconds in which a form sent by a script takes its page away. */
const LEAVING = 3_000

/**
 * `form_start` with the first input, and `form_submit`, said as by the person whom the marked fields make known. Of all
 * other fields the name, type and label only, from which the collector tells what the form is for.
 */
export function watchForms(emit: Emit, emitAs: Emit, email?: string): void {
  const started = new WeakSet<Element>()
  const submitted = new WeakSet<Element>()
  /** Says what was sent by a script, should the page now be left. */
  let leaving: (() => void) | undefined

  /** Reads attributes, as `form.id` and its like may be shadowed by a control of that name; and values, if traits are wanted. */
  function describe(form: Element, traits?: Given): Given {
    const attribute = (name: string) => form.getAttribute(name) || undefined
    const fields = [...form.querySelectorAll<HTMLInputElement>('*')].flatMap(field => {
      const { name, type, autocomplete, labels, placeholder } = field
      if (!labels || SECRET.test(type + name + autocomplete) || field.closest('[data-ll-ignore]')) return []
      const choice = /radio|checkbox/.test(type)
      const trait = field.getAttribute('data-ll-trait') ?? (email && type === 'email' && type)
      if (traits && trait && (field.checked || !choice) && field.value) traits[trait] = field.value
      // The label of a choice is a value.
      return [[name, type, choice ? '' : (words(labels[0] ?? field) || placeholder || '').trim().slice(0, 50)]]
    })
    return {
      form_id: attribute('id'),
      form_name: attribute('name'),
      form_destination: address(attribute('action') ?? '', document.baseURI),
      form_kind: attribute('data-ll-form'),
      fields: fields.slice(0, 50),
      traits,
    }
  }

  listenOn('input', 'form', form => {
    if (started.has(form)) return
    started.add(form)
    emit('form_start', describe(form))
  })
  listenOn('submit formdata', 'form', (form, event) => {
    if (submitted.has(form)) return
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
  })
  listen('pagehide', () => leaving?.())
}

type Readable = Partial<Pick<Element & Text, 'matches' | 'wholeText'>> & { childNodes: Iterable<unknown> }

/** The text that is read beside a field or on a button. */
const words = (node: Readable): string =>
  node.matches?.(VALUES) ? '' : (node.wholeText ?? [...(node.childNodes as Iterable<Readable>)].map(words).join(''))
