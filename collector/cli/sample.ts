import { Refusal } from '../../shared/refusal.ts'
import { readInstant } from '../ingest/event.ts'
import { OUTCOME_EVENTS } from '../reports/label.ts'
import type { Call, Command } from './command.ts'

/** Whom to learn from. */
export const SAMPLE_FLAGS: Command['flags'] = {
  '--since': { meaning: 'only people decided from then on, like 2026-11-22' },
  '--until': { meaning: 'as though nothing were known from then on' },
  '--won': { meaning: `an event that is a win; ${OUTCOME_EVENTS.won.join(' and ')} by default`, repeated: true },
  '--lost': { meaning: `an event that is a loss; ${OUTCOME_EVENTS.lost.join(' and ')} by default`, repeated: true },
  '--open': { meaning: 'lost or open: how people count of whom nobody knows yet; lost if nobody was ever called lost' },
}

export function readSample(flag: Call['flag'], every: Call['every']) {
  const open = flag('--open')
  if (open !== undefined && open !== 'lost' && open !== 'open')
    throw new Refusal('invalid', '--open must be lost or open.')
  const named = (given: string[], usual: readonly string[]) => (given.length > 0 ? given : usual)
  return {
    since: instantOf(flag, '--since') ?? -Infinity,
    until: instantOf(flag, '--until') ?? Infinity,
    outcomeEvents: {
      won: named(every('--won'), OUTCOME_EVENTS.won),
      lost: named(every('--lost'), OUTCOME_EVENTS.lost),
    },
    openAsLost: open === undefined ? null : open === 'lost',
  }
}

function instantOf(flag: Call['flag'], name: `--${string}`): number | null {
  const given = flag(name)
  if (given === undefined) return null
  const at = readInstant(/^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T00:00:00Z` : given)
  if (at === null) throw new Refusal('invalid', `${name} must be a day or an instant, like 2026-11-22T12:00:00Z.`)
  return at
}

export function numberOf(flag: Call['flag'], name: `--${string}`): number | null {
  const given = flag(name)
  if (given === undefined) return null
  const number = Number(given)
  if (given.trim() === '' || !Number.isFinite(number) || number <= 0)
    throw new Refusal('invalid', `${name} must be a number above 0.`)
  return number
}
