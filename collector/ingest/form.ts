import { FORM_EVENTS } from '../../shared/form.ts'
import type { Json, Properties } from '../../shared/json.ts'
import { recogniseForm, type Field } from './form-kind.ts'

/**
 * What a form is for, and what submitting it therefore is: a form marked as, or recognised as, a newsletter's is kept as a
 * `sign_up`, a quote's as a `request_quote`: see shared/form.ts. Of its fields the names are kept.
 */
export function formMeaning(type: string, properties: Properties): { type: string; properties: Properties } {
  if (type !== 'form_submit' && type !== 'form_start') return { type, properties }
  const fields = readFields(properties['fields'])
  const said = properties['form_kind']
  const kind = typeof said === 'string' && said !== '' ? said : fields && recogniseForm(fields, properties)
  const meaning = kind && type === 'form_submit' && Object.hasOwn(FORM_EVENTS, kind) ? FORM_EVENTS[kind] : undefined
  return {
    type: meaning?.type ?? type,
    properties: {
      ...(meaning?.method && { method: meaning.method }),
      ...properties,
      ...(kind && { form_kind: kind }),
      ...(fields && { fields: namesOf(fields) }),
    },
  }
}

/** The script describes each field as `[name, type, label]`. `null` when this is no such list. */
function readFields(value: Json | undefined): Field[] | null {
  if (!Array.isArray(value) || !value.every(Array.isArray)) return null
  const text = (part: Json | undefined) => (typeof part === 'string' ? part.slice(0, 200) : '')
  return value.slice(0, 200).map(([name, type, label]) => ({ name: text(name), type: text(type), label: text(label) }))
}

const BUTTONS = ['submit', 'button', 'reset', 'image']

const namesOf = (fields: Field[]): Properties[string] => [
  ...new Set(fields.filter(({ name, type }) => name !== '' && !BUTTONS.includes(type)).map(({ name }) => name)),
]
