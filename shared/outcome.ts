import type { Instant } from './instant.ts'

/** How it went with a person, in the end. Everybody else is open. */
export const RESULTS = ['won', 'lost'] as const
export type Result = (typeof RESULTS)[number]

/** That a person was won or lost, as somebody reported it. A person may have several: a customer buys again. */
export interface Outcome {
  /** Unique per site: reporting the same id again is harmless. */
  id: string
  /** Present id of the lead. */
  person: string
  result: Result
  /** When it was decided, not when it was reported. */
  at: Instant
  /** What it was worth, in `currency`. */
  value: number | null
  /** ISO 4217: `EUR`. */
  currency: string | null
  /** Where it comes from: `api`, `import`, the name of a CRM. */
  source: string
  /** Id of the key that it was reported with, or `import`. */
  actor: string
}

/** What became of a reported outcome. */
export type OutcomeReceipt = 'stored' | 'duplicate' | 'unknown_person'
