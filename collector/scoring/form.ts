import type { StoredEvent } from '../../shared/event.ts'
import { property } from './field.ts'

/** Whether an event is of a type. A form that was recognised as a contact, a quote, … is still a `form_submit`. */
export const isOfType = (event: StoredEvent, type: string): boolean =>
  event.type === type || (type === FORM && isRecognisedForm(event))

export const FORM = 'form_submit'

/** A form stored under a better name, see shared/form.ts; its kind stays with it. */
export const isRecognisedForm = (event: StoredEvent): boolean =>
  event.type !== FORM && typeof property(event, 'form_kind') === 'string'
