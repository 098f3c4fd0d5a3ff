import type { Device, Mark, Provenance } from '../../shared/event.ts'
import type { Instant } from '../../shared/instant.ts'
import { STOP_REASONS } from '../../shared/person.ts'
import type { Explanation } from '../../shared/score.ts'
import { REASONS, STAGES, type Cause } from '../../shared/stage.ts'
import type { Touch } from '../../shared/touch.ts'
import { readUuid } from '../../shared/uuid.ts'
import type { EventLine, Line, Merge, PersonLine, TransitionLine } from '../store/transfer.ts'
import { MAX_VISITOR } from './decode.ts'
import { readEvent } from './event.ts'
import { choice, count, each, finite, has, instant, orNull, orNullText, text, Wrong, type Given } from './line-field.ts'
import { isObject } from './segment-commerce.ts'

// What leaves with an export, and comes back by an import, as it was: snake_case, RFC 3339 in UTC.

const PROVENANCES: readonly Provenance[] = ['server', 'browser', 'weak']
const MARKS: readonly Mark[] = ['bot', 'foreign_origin', 'missing_origin']
const DEVICES: readonly Device['type'][] = ['desktop', 'mobile', 'tablet', 'other']
const CAUSES: readonly Cause[] = ['event', 'time', 'model', 'merge', 'unmerge', 'mark', 'manual']
const MAX_ID = 200

const utc = (at: Instant): string => new Date(at).toISOString()
const utcOrNull = (at: Instant | null): string | null => (at === null ? null : utc(at))

/** A line as JSON. What only informs whoever reads it is passed over when it comes back. */
export function lineView(line: Line): Given {
  switch (line.kind) {
    case 'event': {
      const { at, rawAt, touch, user: _, ...event } = line.event
      const { visitor, person } = line
      return {
        kind: 'event',
        at: utc(at),
        visitor,
        person,
        ...event,
        raw_at: utc(rawAt),
        received_at: utc(line.receivedAt),
        ...(touch && { touch: { ...touch, at: utc(touch.at) } }),
      }
    }
    case 'person':
      return {
        kind: 'person',
        id: line.id,
        stage: line.stage,
        stage_since: utcOrNull(line.stageSince),
        recycled_at: utcOrNull(line.recycledAt),
        scored_at: utc(line.scoredAt),
        former_ids: line.formerIds,
        identifiers: line.identifiers,
        visitors: line.visitors,
        merges: line.merges.map(mergeView),
        manual_scores: line.manualScores.map(given => ({ ...given, at: utc(given.at), until: utcOrNull(given.until) })),
        profiling_stops: line.profilingStops.map(({ at, saidAt, ...stop }) => ({
          ...stop,
          at: utc(at),
          said_at: utc(saidAt),
        })),
      }
    case 'transition': {
      const { at, effectiveAt, explanation, ...step } = line.step
      return {
        kind: 'transition',
        person: line.person,
        ...step,
        at: utc(at),
        effective_at: utc(effectiveAt),
        explanation: explanation ?? null,
      }
    }
    case 'model':
      return {
        kind: 'model',
        version: line.version,
        live: line.live,
        created_at: utc(line.createdAt),
        published_at: utcOrNull(line.publishedAt),
        author: line.author,
        copy_of: line.copyOf,
        document: line.document,
      }
    case 'outcome': {
      const { at, ...outcome } = line.outcome
      return { kind: 'outcome', ...('id' in line.person && { person: line.person.id }), ...outcome, at: utc(at) }
    }
    default:
      return { kind: 'transition', ...('id' in line.person && { person: line.person.id }), to: line.to }
  }
}

export function readOwnEvent(given: Given): EventLine {
  const wire = readEvent(given)
  if (typeof wire === 'string') throw new Wrong(wire)
  const { touch, device } = given
  return {
    kind: 'event',
    visitor: text(given, 'visitor', MAX_VISITOR),
    person: text(given, 'person', MAX_ID),
    receivedAt: has(given['received_at']) ? instant(given, 'received_at') : wire.at,
    event: {
      ...wire,
      properties: wire.properties ?? {},
      rawAt: has(given['raw_at']) ? instant(given, 'raw_at') : wire.at,
      provenance: has(given['provenance']) ? choice(given, 'provenance', PROVENANCES) : 'server',
      mark: has(given['mark']) ? choice(given, 'mark', MARKS) : null,
      ...(isObject(touch) && { touch: { ...(touch as object), at: instant(touch, 'at') } as Touch }),
      ...(isObject(device) && { device: deviceOf(device) }),
    },
  }
}

const deviceOf = (given: Given): Device => ({
  type: choice(given, 'type', DEVICES),
  browser: orNullText(given, 'browser', 100) ?? '',
  os: orNullText(given, 'os', 100) ?? '',
})

export function readOwnPerson(given: Given): PersonLine {
  const id = readUuid(given['id'])
  if (id === null) throw new Wrong('id: must be the UUID of a person')
  return {
    kind: 'person',
    id,
    stage: choice(given, 'stage', STAGES),
    stageSince: orNull(given, 'stage_since', instant),
    recycledAt: orNull(given, 'recycled_at', instant),
    scoredAt: instant(given, 'scored_at'),
    formerIds: Array.isArray(given['former_ids']) ? given['former_ids'].map(String) : [],
    identifiers: each(given, 'identifiers', item => ({
      kind: choice(item, 'kind', ['user_id', 'email'] as const),
      value: text(item, 'value', 300),
      person: text(item, 'person', MAX_ID),
    })),
    visitors: each(given, 'visitors', item => ({
      visitor: text(item, 'visitor', MAX_VISITOR),
      person: text(item, 'person', MAX_ID),
      current: item['current'] === true,
    })),
    merges: each(given, 'merges', readMerge),
    manualScores: each(given, 'manual_scores', item => ({
      person: text(item, 'person', MAX_ID),
      score: finite(item, 'score'),
      author: text(item, 'author', MAX_ID),
      reason: text(item, 'reason', 2_000),
      at: instant(item, 'at'),
      until: orNull(item, 'until', instant),
    })),
    profilingStops: each(given, 'profiling_stops', item => ({
      person: text(item, 'person', MAX_ID),
      at: instant(item, 'at'),
      reason: choice(item, 'reason', STOP_REASONS),
      saidAt: instant(item, 'said_at'),
      actor: text(item, 'actor', MAX_ID),
    })),
  }
}

const mergeView = (merge: Merge): Given => ({
  from: merge.from,
  into: merge.into,
  at: utc(merge.at),
  actor: merge.actor,
  event: merge.event,
  from_stage: merge.fromStage,
  from_since: utcOrNull(merge.fromSince),
  from_recycled: utcOrNull(merge.fromRecycled),
  into_stage: merge.intoStage,
  into_since: utcOrNull(merge.intoSince),
  into_recycled: utcOrNull(merge.intoRecycled),
  undone_at: utcOrNull(merge.undoneAt),
  undone_by: merge.undoneBy,
})

const readMerge = (given: Given): Merge => ({
  from: text(given, 'from', MAX_ID),
  into: text(given, 'into', MAX_ID),
  at: instant(given, 'at'),
  actor: text(given, 'actor', MAX_ID),
  event: readUuid(given['event']),
  fromStage: choice(given, 'from_stage', STAGES),
  fromSince: orNull(given, 'from_since', instant),
  fromRecycled: orNull(given, 'from_recycled', instant),
  intoStage: choice(given, 'into_stage', STAGES),
  intoSince: orNull(given, 'into_since', instant),
  intoRecycled: orNull(given, 'into_recycled', instant),
  undoneAt: orNull(given, 'undone_at', instant),
  undoneBy: orNullText(given, 'undone_by', MAX_ID),
})

export function readOwnTransition(given: Given): TransitionLine {
  return {
    kind: 'transition',
    person: text(given, 'person', MAX_ID),
    step: {
      from: choice(given, 'from', STAGES),
      to: choice(given, 'to', STAGES),
      at: instant(given, 'at'),
      effectiveAt: has(given['effective_at']) ? instant(given, 'effective_at') : instant(given, 'at'),
      actor: has(given['actor']) ? text(given, 'actor', MAX_ID) : 'import',
      cause: has(given['cause']) ? choice(given, 'cause', CAUSES) : 'manual',
      event: readUuid(given['event']),
      model: has(given['model']) ? count(given, 'model') : 1,
      score: has(given['score']) ? finite(given, 'score') : 0,
      reason: has(given['reason']) ? choice(given, 'reason', REASONS) : null,
      note: orNullText(given, 'note', 2_000),
      quiet: given['quiet'] !== false,
      explanation: isObject(given['explanation']) ? (given['explanation'] as unknown as Explanation) : null,
    },
  }
}
