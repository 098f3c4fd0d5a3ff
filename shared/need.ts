import type { Matcher, ScoreName } from './model.ts'
import type { Stage } from './stage.ts'

/** How a matcher is told: its operator, and what it compares with. */
export type Operator = keyof Extract<Matcher, object>

/** An event that is asked for. */
export interface EventNeed {
  event: string
  /** What it must be about, in words already; `null` for any. */
  which: string | null
  /** How many more are needed, and how many there are. */
  missing: number
  happened: number
  /** A field whose values must differ. */
  distinct: string | null
  /** Days. */
  within: number | null
}

/** Puts into words what a condition asks for: in one language, for one kind of reader. Parts come in words already. */
export interface NeedWords {
  all(parts: string[]): string
  oneOf(options: string[]): string
  someOf(n: number, options: string[]): string
  not(what: string): string
  /** So many more; never 0. */
  points(points: number, score: ScoreName): string
  score(value: number, score: ScoreName): string
  known(trait: string): string
  stage(stage: Stage): string
  /** `tests` are told one by one by `test`. */
  field(name: string, tests: string[]): string
  test(operator: Operator, operand: string): string
  event(need: EventNeed): string
  sequence(steps: string[], sameKey: string | null, within: number | null): string
  /** A step of a sequence: an event, and what it must be about. */
  step(event: string, which: string | null): string
}
