import type { Mark, StoredEvent } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Json } from '../../shared/json.ts'
import type { Model } from '../../shared/model.ts'
import type { Outcome, OutcomeReceipt } from '../../shared/outcome.ts'
import type { ManualScore, ProfilingStop, Standing, Verdict } from '../../shared/person.ts'
import type { Explanation } from '../../shared/score.ts'
import type { Decision, Reason, Stage } from '../../shared/stage.ts'
import type { Arrival, Receipt } from './store.ts'

/**
 * Decides what new events make of a person. Pure and synchronous: transactions of better-sqlite3 cannot await.
 * `null` asks for a second call with `fold: null` and the whole history, because the events do not follow the fold.
 */
export type Judge = (
  model: Model,
  version: number,
  standing: Standing,
  events: readonly StoredEvent[],
  now: Instant,
) => Verdict | null

/** What somebody decided about a person, or the person themselves: what no history of events tells. */
export interface Decided {
  /** Moves by hand, in order. */
  decisions: readonly Decision[]
  profilingStopped: ProfilingStop | null
}

/** Where every point comes from at an instant, given a person's whole history and what was decided. Pure. */
export type Explain = (
  model: Model,
  version: number,
  history: Iterable<StoredEvent>,
  at: Instant,
  decided: Decided,
) => Explanation

/** What events mean: pure functions, handed to every verb that judges. */
export interface Engine {
  judge: Judge
  explain: Explain
  /** The last event that a fold has taken in, if any. */
  lastOf: (fold: Json) => Pick<StoredEvent, 'at' | 'id'> | null
}

/** Somebody's decision about a person's stage. */
export interface Move {
  to: Stage
  reason?: Reason
  note?: string
  /** Id of the key that it was made with, or `import`. */
  actor: string
}

/**
 * Everything that writes persons. Each verb is one transaction. A person is named by their id or any former one;
 * nobody of that id is refused (`not_found`), and so is what does not fit what the person is (`conflict`).
 */
export interface Persons {
  /**
   * Appends the events not yet known (by site and id), joins visitors to persons by what the new events claim, judges
   * every person touched, and saves score, stage and a row for each transition. Resolves after the commit is on disk.
   * One receipt for each arrival, in the same order.
   */
  record(arrivals: readonly Arrival[], now: Instant, engine: Engine): Promise<Receipt[]>
  /**
   * Judges again, at `now`, up to `limit` persons whose time has come: a label or stage may flip, the score shown is an
   * hour old, or another version of the model is live since. How many there were.
   */
  refresh(limit: number, now: Instant, engine: Engine): Promise<number>
  /** The same for up to `limit` persons of one site whom another version of the model has judged. */
  rescore(site: number, limit: number, now: Instant, engine: Engine): Promise<number>
  /**
   * Judges the next part of a history that is too long to be judged while somebody waits, and was left by one of the other
   * verbs; until it is done, the person is shown as before. Whether more is to do.
   */
  refold(now: Instant, engine: Engine): Promise<boolean>
  /** Judges one person again if another version of the model has judged them. */
  rejudge(site: number, id: string, now: Instant, engine: Engine): Promise<void>

  /** Moves a person to a stage, by hand; refuses a move that `MOVES` does not have. */
  move(site: number, id: string, move: Move, now: Instant, engine: Engine): Promise<void>
  /** Gives a score by hand, in place of the one before; `null` takes it back. */
  override(site: number, id: string, score: ManualScore | null): Promise<void>

  /**
   * No score, label or stage of the machine's from now on, for all that is and will be this person. `saidAt`, by the clock
   * of whoever said it, defaults to now. An earlier stop for the same reason stays as it is.
   */
  stopProfiling(
    site: number,
    id: string,
    stop: { reason: ProfilingStop['reason']; actor: string; saidAt?: Instant },
    now: Instant,
    engine: Engine,
  ): Promise<void>
  /** Takes every stop of the person back: everything that was kept counts again. */
  resumeProfiling(site: number, id: string, now: Instant, engine: Engine): Promise<void>

  /** Keeps how it went with persons, each named by any id; what became of each, in the same order. */
  addOutcomes(site: number, outcomes: readonly Outcome[], now: Instant): Promise<OutcomeReceipt[]>

  /**
   * Makes two persons one: the known one stays, of two known or two unknown ones the one made first. The other's id
   * becomes a former id. Nothing happens if they are one already. The id that stays is answered.
   */
  merge(site: number, id: string, other: string, actor: string, now: Instant, engine: Engine): Promise<string>
  /**
   * Undoes it: the person that had the former id `leaving` is there again, with everything it brought or that came in its
   * browsers since. Given a visitor instead, the person it came with leaves; a visitor that came with nobody leaves as a
   * new person. Events do not join the two again. The id of the one who left is answered.
   */
  unmerge(site: number, id: string, leaving: string, actor: string, now: Instant, engine: Engine): Promise<string>
  /**
   * Marks all events of a visitor as worth nothing, or (`null`) takes the mark away, and judges its persons anew. A stage
   * that nobody decided is found anew too. How many events there were.
   */
  remark(site: number, visitor: string, mark: Mark | null, now: Instant, engine: Engine): Promise<number>

  /** Brings what reports count up to date for up to `limit` persons of whom something is new. How many there were. */
  fold(limit: number): Promise<number>
}
