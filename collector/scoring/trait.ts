import type { StoredEvent } from '../../shared/event.ts'
import { readEmail } from '../../shared/identity.ts'
import type { Json } from '../../shared/json.ts'
import type { Trait } from '../../shared/person.ts'
import { isObject, property } from './field.ts'

export const MAX_TRAITS = 100
/** Characters of a trait's text; the rest is cut off. */
export const MAX_TRAIT_TEXT = 1_000
const NAME = /^[a-z][a-z0-9_]{0,63}$/i

export type Traits = Record<string, Trait>

/**
 * The traits after one more event: the last value of each, except that a browser never changes what a server has set.
 * `null` forgets a trait, a blank text is no news, and what is not a single value is passed over. The name of a group is
 * the person's company.
 */
export function addToTraits(traits: Traits, event: StoredEvent): Traits {
  const told = property(event, 'traits')
  if (!isObject(told)) return traits
  const next = { ...traits }
  for (const [said, answer] of Object.entries(told)) {
    const name = event.type === 'group' && said === 'name' ? 'company' : said
    const value = readTrait(name, answer)
    if (value === undefined || !NAME.test(name)) continue
    const known = Object.hasOwn(next, name) ? next[name] : undefined
    if (known?.provenance === 'server' && event.provenance !== 'server') continue
    if (value === null) delete next[name]
    else if (known || Object.keys(next).length < MAX_TRAITS)
      next[name] = { value, at: event.at, provenance: event.provenance }
  }
  return next
}

/** What is known of a person under a name; `null` when nothing is. */
export function traitValue(traits: Traits, name: string): Json {
  return Object.hasOwn(traits, name) ? (traits[name]?.value ?? null) : null
}

/** The value as it is kept; `undefined` when it says nothing. */
function readTrait(name: string, value: Json): Json | undefined {
  if (name === 'email' && value !== null) return readEmail(value) ?? undefined
  if (typeof value === 'object') return value === null ? null : undefined
  if (typeof value !== 'string') return value
  return value.trim() === '' ? undefined : shortened(value)
}

/** Cut to length, but never through the middle of a character. */
function shortened(text: string): string {
  return text.length <= MAX_TRAIT_TEXT ? text : text.slice(0, MAX_TRAIT_TEXT).replace(/[\uD800-\uDBFF]$/, '')
}
