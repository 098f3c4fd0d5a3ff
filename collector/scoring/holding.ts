import type { Instant } from '../../shared/instant.ts'
import { take, type Slot } from './admission.ts'
import { capped, remaining } from './decay.ts'
import type { PlannedEventRule } from './plan.ts'

/** Events of a rule that a removal can still take out; older ones stay for good. */
export const MAX_RECENT = 32

/** A matching event as a rule sees it: when, for how much, where it is admitted, and what a removal must name. */
export type Entry = readonly [at: Instant, points: number, bucket: number, key: string, item: string]

/** What a rule holds: its points as they were at the last admission, and the slots of its limit that are taken. */
export interface Held {
  points: number
  at: Instant
  slots?: Slot[]
}

/** What is remembered for a rule. */
export interface Holding extends Held {
  /** Of a rule that can be reversed: the recent entries, and what it held before them. */
  recent?: Entry[]
  before?: Held
}

export const NOTHING: Holding = { points: 0, at: 0 }

/**
 * The saturating fold of scoring.md: what is left of what was held, plus the new points, within the cap. An entry whose
 * slot is full, or that is worth nothing, changes nothing: the same object comes back.
 */
export function admit(rule: PlannedEventRule, held: Held, entry: Entry): Held {
  const [at, worth, bucket, key] = entry
  if (worth === 0) return held
  const { limit, cap } = rule.rule
  const points = capped(pointsAt(rule, held, at) + worth, cap)
  if (!limit) return { points, at }
  const slots = take(held.slots ?? [], limit, bucket, key)
  return slots === null ? held : { points, at, slots }
}

/** What is left at an instant of what a rule holds. */
export function pointsAt(rule: PlannedEventRule, held: Held, at: Instant): number {
  return held.points === 0 ? 0 : held.points * remaining(at - held.at, rule.halfLife)
}

/** What a rule holds after one more matching event. */
export function add(rule: PlannedEventRule, holding: Holding, entry: Entry): Holding {
  const held = admit(rule, holding, entry)
  if (!rule.rule.reversedBy) return held
  const { recent = [], before } = holding
  const [oldest] = recent
  if (recent.length < MAX_RECENT || !oldest) return remembering(held, [...recent, entry], before)
  return remembering(held, [...recent.slice(1), entry], admit(rule, before ?? NOTHING, oldest))
}

/** Which entry a removal takes out: the earliest that names the same. `undefined` when there is none. */
export const takenBy = ({ recent = [] }: Holding, item: string): Entry | undefined =>
  recent.find(entry => entry[4] === item)

/** What a rule holds after an entry was taken out: the fold of what remains, as though it had never been. */
export function takeOut(rule: PlannedEventRule, { recent = [], before }: Holding, taken: Entry): Holding {
  const left = recent.filter(entry => entry !== taken)
  const held = left.reduce<Held>((sum, entry) => admit(rule, sum, entry), before ?? NOTHING)
  return remembering(held, left, before)
}

function remembering({ points, at, slots }: Held, recent: Entry[], before: Held | undefined): Holding {
  return { points, at, ...(slots ? { slots } : {}), recent, ...(before ? { before } : {}) }
}
