import type { Refusal } from '../../shared/refusal.ts'
import type { Mark } from '../../shared/event.ts'
import type { Outcome, Sender } from '../http/collect.ts'

/** What to do about events that are kept but worth nothing. */
const ADVICE: Record<Mark, (sender: Sender) => string> = {
  bot: ({ userAgent }) => `it comes from a bot (${printable(userAgent)})`,
  missing_origin: () => 'the request names no origin, so no page of yours sent it',
  foreign_origin: ({ origin }) =>
    `it comes from ${printable(origin ?? '')}, which is no origin of this site; add a site for it: leadlight site add NAME --origin ${printable(origin ?? 'URL')}`,
}

/** Tells the terminal about the first event that counts, and until then why others did not; afterwards it is silent. */
export function firstEvent(print: (line: string) => void): (outcome: Outcome, sender: Sender) => void {
  const told = new Set<string>()
  let seen = false
  const tell = (line: string): void => {
    if (told.has(line) || told.size >= 20) return
    told.add(line)
    print(`  ${line}`)
  }
  return (outcome, sender) => {
    if (seen) return
    if ('refusal' in outcome) return tell(`Refused: ${reason(outcome.refusal)}`)
    for (const { reason: why } of outcome.quarantined) tell(`Put into quarantine: ${why}`)
    for (const { reason: why } of outcome.result.dropped) tell(`Not kept: ${why}`)
    const [type] = outcome.types
    if (type === undefined) return
    if (outcome.mark) return tell(`Kept, but worth nothing: ${ADVICE[outcome.mark](sender)}`)
    seen = true
    print(`  First event: ${printable(type)}. It works.`)
  }
}

const reason = ({ code, message, errors }: Refusal): string =>
  code === 'internal'
    ? 'an internal error'
    : printable([message, ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`)].join(' '), 300)

/** Strangers write these: no control characters, which could steer a terminal, and no flood. */
const printable = (text: string, length = 120): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').slice(0, length)
