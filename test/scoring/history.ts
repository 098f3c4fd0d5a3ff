import { judge } from '../../collector/scoring/judge.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../shared/instant.ts'
import type { Properties } from '../../shared/json.ts'
import type { Model } from '../../shared/model.ts'
import type { Standing, Verdict } from '../../shared/person.ts'

/** A Sunday noon in UTC: the instant from which the tests count. */
export const NOON: Instant = Date.UTC(2026, 2, 1, 12)

export const minutes = (n: number): Instant => NOON + n * MINUTE
export const hours = (n: number): Instant => NOON + n * HOUR
export const days = (n: number): Instant => NOON + n * DAY

let made = 0

/** An event of a browser, at an instant, with properties; anything else by `more`. */
export function happened(
  type: string,
  at: Instant = NOON,
  properties: Properties = {},
  more: Partial<StoredEvent> = {},
): StoredEvent {
  const id = `event-${String(made++).padStart(6, '0')}`
  return { id, type, at, visitor: 'ada', properties, provenance: 'browser', mark: null, ...more }
}

/** A page view of a path. */
export const saw = (path: string, at: Instant = NOON, more: Partial<StoredEvent> = {}): StoredEvent =>
  happened('page_view', at, {}, { url: `https://shop.example${path}`, ...more })

/** Somebody says who they are. */
export const said = (traits: Properties, at: Instant = NOON, more: Partial<StoredEvent> = {}): StoredEvent =>
  happened('identify', at, { traits }, more)

export const NOBODY: Standing = { stage: 'visitor', stageSince: null, fold: null }

/** A model with one group without limits and whatever rules, stages, … a test is about. */
export function model(parts: Partial<Model>): Model {
  return {
    name: 'Test',
    timezone: 'UTC',
    groups: [
      { id: 'web', kind: 'engagement' },
      { id: 'fit', kind: 'fit' },
    ],
    rules: [],
    total: {},
    labels: [],
    stages: {},
    ...parts,
  }
}

/** The verdict on a whole history, as of an instant. */
export function judged(rules: Model, events: readonly StoredEvent[], now: Instant = NOON): Verdict {
  const verdict = judge(rules, 1, NOBODY, events, now)
  if (!verdict) throw new Error('A whole history was refused.')
  return verdict
}

/** Where a person stands after a verdict, as a store gives it back. */
export const stored = ({ standing }: Verdict): Standing => JSON.parse(JSON.stringify(standing)) as Standing
