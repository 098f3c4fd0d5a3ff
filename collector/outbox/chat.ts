import { TEST_TYPE, type Message } from './message.ts'

/** A message in the words of a salesperson; every text in it may be a stranger's. */
export interface Chat {
  headline: string
  facts: [name: string, value: string][]
  /** The lead's page. */
  link: string
}

/** Longer ones are cut: a chat is no place for them, and each refuses what is too long for it. */
const LONGEST = 200

export function chatOf({ type, data }: Message, publicUrl: string): Chat {
  const { transition, cooled } = data
  const who = clean(data.name ?? data.email ?? `lead ${data.id.slice(0, 8)}`)
  const touch = data.first_touch
  const source = touch && touch.source !== '(direct)' && [touch.source, touch.campaign].filter(Boolean).join(', ')
  const reasons = data.top_reasons.map(({ rule, points }) => `${rule} +${Math.round(points * 10) / 10}`)
  const facts: [string, string | false | null | undefined][] = [
    ['Company', data.company],
    ['E-mail', data.email],
    ['Score', data.score === null ? null : `${Math.round(data.score)}, grade ${data.grade}`],
    ['Why', reasons.join(', ')],
    ['Stage', transition ? `${transition.from} → ${transition.to}` : data.stage],
    ['Reason', transition?.reason],
    ['Note', transition?.note],
    ['No longer', cooled?.labels.join(', ')],
    ['Came from', source],
  ]
  return {
    headline: HEADLINES[type](who, data),
    facts: facts.flatMap(([name, value]): Chat['facts'] => (value ? [[name, clean(value)]] : [])),
    link: `${publicUrl}/leads/${encodeURIComponent(data.id)}`,
  }
}

const HEADLINES: Record<Message['type'], (who: string, data: Message['data']) => string> = {
  'lead.created': who => `New lead: ${who}`,
  'lead.mql': who => `Qualified lead: ${who}`,
  'lead.sql_candidate': who => `Asks for sales: ${who}`,
  'lead.stage_changed': (who, { transition, stage }) => `${who} is now ${transition?.to ?? stage}`,
  'lead.cooled': who => `Cooling down: ${who}`,
  [TEST_TYPE]: who => `Test message: ${who}`,
}

/** One line, without what is not to be seen or turns the direction of writing. */
function clean(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line.toWellFormed()
}
