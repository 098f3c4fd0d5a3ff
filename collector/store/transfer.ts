import type { Instant } from '../../shared/instant.ts'
import type { Identifier } from '../../shared/identity.ts'
import type { Model } from '../../shared/model.ts'
import type { Outcome } from '../../shared/outcome.ts'
import type { ManualScore, ProfilingStop } from '../../shared/person.ts'
import type { Reason, Stage, Transition } from '../../shared/stage.ts'
import type { Engine } from './persons.ts'
import type { ArrivedEvent } from './store.ts'

/** What an export consists of, and what an import takes. */
export type Line = EventLine | PersonLine | TransitionLine | MoveLine | OutcomeLine | ModelLine

export interface EventLine {
  kind: 'event'
  visitor: string
  /** The id that the visitor was made for, in an export of our own; `null`: whoever the event's claims name. */
  person: string | null
  receivedAt: Instant
  event: ArrivedEvent
}

/** Everything of a person that no event tells. Ids are those that things were made for: some are former ids now. */
export interface PersonLine {
  kind: 'person'
  id: string
  stage: Stage
  stageSince: Instant | null
  recycledAt: Instant | null
  /** The instant that the score was right for. */
  scoredAt: Instant
  formerIds: string[]
  identifiers: (Identifier & { person: string })[]
  visitors: { visitor: string; person: string; current: boolean }[]
  merges: Merge[]
  manualScores: (ManualScore & { person: string })[]
  profilingStops: (ProfilingStop & { person: string; saidAt: Instant; actor: string })[]
}

/** That two ids are one person, or (undone) that they are not. */
export interface Merge {
  from: string
  into: string
  at: Instant
  actor: string
  event: string | null
  fromStage: Stage
  fromSince: Instant | null
  fromRecycled: Instant | null
  intoStage: Stage
  intoSince: Instant | null
  intoRecycled: Instant | null
  undoneAt: Instant | null
  undoneBy: string | null
}

/** A step as it was taken. */
export interface TransitionLine {
  kind: 'transition'
  person: string
  step: Transition
}

/** Whom a line is about: any id of a person's, an e-mail address or a user id. */
export type Named = { id: string } | Identifier

/** A step that is to be taken: somebody knows better how far a person has come. */
export interface MoveLine {
  kind: 'move'
  person: Named
  to: Stage
  reason: Reason | null
  note: string | null
}

export interface OutcomeLine {
  kind: 'outcome'
  person: Named
  outcome: Omit<Outcome, 'person'>
}

/** A version of the model. */
export interface ModelLine {
  kind: 'model'
  version: number
  document: Model
  createdAt: Instant
  author: string | null
  publishedAt: Instant | null
  copyOf: number | null
  live: boolean
}

/** What became of a line; else why it was not taken. */
export type Taken = 'stored' | 'duplicate' | { rejected: string }

/** How far an import has come. It is kept with the lines themselves, so that it can go on after whatever ended it. */
export interface Progress {
  /** Lines, and bytes, of the source that are done. */
  lines: number
  bytes: number
  stored: number
  duplicate: number
  rejected: number
  /** How often each reason was given. */
  reasons: Record<string, number>
  /** Bytes of the list of what was rejected. */
  rejectsBytes: number
}

export interface TransferIn {
  /**
   * Takes lines of an import in one transaction. Nobody is judged in it: `refresh` does that later, and what steps it comes
   * to were taken by the import, quietly.
   */
  take(site: number, lines: readonly Line[], now: Instant, engine: Engine): Promise<Taken[]>
  /** The same, and remembers in the same transaction how far the import of `source` has come. */
  takeUpTo(
    site: number,
    lines: readonly Line[],
    source: string,
    progress: (taken: readonly Taken[]) => Progress,
    now: Instant,
    engine: Engine,
  ): Promise<Progress>
  /** The import is done: nobody will ask how far it has come. */
  forgetImport(site: number, source: string): Promise<void>
}

export interface TransferOut {
  /** How far an import has come, `null` for one that was not begun or was ended. */
  importProgress(site: number, source: string): Promise<Progress | null>
  /** What no event tells of a person, named by present id. */
  personLine(site: number, person: string): Promise<PersonLine | null>
  /** How many persons have history that was imported and not judged yet. */
  postponed(): Promise<number>
  /** Everything of a site, as of one instant: models, then persons, events, transitions and outcomes. */
  lines(site: number): AsyncIterable<Line[]>
}
