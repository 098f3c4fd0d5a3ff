import type { Lead } from '../../shared/lead.ts'
import { html, type Html } from './html.ts'
import type { Words } from './words.ts'

/** Characters of a stranger's name that are shown; the rest is cut. */
const SHOWN = 80

const textTrait = (lead: Lead, name: string): string | null => {
  const value = Object.hasOwn(lead.traits, name) ? lead.traits[name]?.value : undefined
  return typeof value === 'string' && value.trim() !== '' ? cut(value) : null
}

export const cut = (text: string, length = SHOWN): string =>
  text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text

/** What a lead is called, and the other things that say who it is. */
export function whoIs(words: Words, lead: Lead): { name: string; others: string[]; isKnown: boolean } {
  const known = ['name', 'email', 'company'].map(trait => textTrait(lead, trait)).filter(text => text !== null)
  const [name, ...others] = known
  if (name !== undefined) return { name, others, isKnown: textTrait(lead, 'email') !== null }
  const touch = lead.lastTouch
  const from = touch ? cut(touch.campaign ?? touch.source, 40) : null
  return {
    name: words.say('anonymous', { id: lead.id.slice(-6) }),
    others: from === null ? [] : [from],
    isKnown: false,
  }
}

/** A stage as a small label. */
export const stageChip = (words: Words, stage: Lead['stage']): Html =>
  html`<span class="chip stage-${stage}">${words.say(`stage.${stage}`)}</span>`

/** The name of a rule as people say it. */
export const spoken = (id: string): string => cut(id.replaceAll('_', ' '), 60)
