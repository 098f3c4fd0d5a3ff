import type { StoredEvent } from '../../shared/event.ts'
import { DAY, MINUTE, type Instant } from '../../shared/instant.ts'
import type { Json } from '../../shared/json.ts'
import type { Condition, EventRule, Limits, Matcher, Model, Rule, ScoreName, Where } from '../../shared/model.ts'
import { STAGES, type Stage } from '../../shared/stage.ts'
import type { Touch } from '../../shared/touch.ts'

/**
 * What scoring.md says, told a second time in the most obvious way: sort the whole history, and work out everything anew
 * for each instant that is asked for. Slow on purpose, remembers nothing, and shares no code with the collector.
 */
export interface Answer {
  scores: Record<ScoreName, number>
  rules: Map<string, number>
  traits: Map<string, Json>
  stage: Stage
  candidateSince: Instant | null
  steps: { from: Stage; to: Stage; effectiveAt: Instant; event: string; score: number }[]
  visits: number
  engagedMs: number
  firstTouch: Touch | null
  lastTouch: Touch | null
  firstSeen: Instant | null
  lastSeen: Instant | null
}

export function answer(
  model: Model,
  events: readonly StoredEvent[],
  at: Instant,
  recycledAt: Instant | null = null,
): Answer {
  const past = inHistory(events).filter(event => event.at <= at)
  const steps: Answer['steps'] = []
  let stage: Stage = recycledAt === null ? 'visitor' : 'recycled'
  let candidateSince: Instant | null = null
  past.forEach((event, index) => {
    if (recycledAt !== null && event.at <= recycledAt) return
    const then = past.slice(0, index + 1)
    const counts = recycledAt === null ? then : spentUntil(recycledAt, then)
    const { fastTrack } = model.stages
    if (fastTrack && isMet(model, fastTrack, counts, event.at, stage)) candidateSince ??= event.at
    for (
      let to = furthest(model, counts, event.at, stage);
      to !== null;
      to = furthest(model, counts, event.at, stage)
    ) {
      const score = scores(model, then, event.at).total
      steps.push({ from: stage, to, effectiveAt: event.at, event: event.id, score })
      stage = to
    }
  })
  const touched = past.flatMap(event => event.touch ?? [])
  const firstPage = past.find(event => event.type === 'page_view')
  const direct: Touch | null = firstPage
    ? {
        at: firstPage.at,
        source: '(direct)',
        medium: '(none)',
        ...(firstPage.url === undefined ? {} : { landing_page: new URL(firstPage.url).pathname }),
      }
    : null
  const firstTouch = touched[0] ?? direct
  return {
    scores: scores(model, past, at),
    rules: new Map(model.rules.map(rule => [rule.id, rulePoints(model, rule, past, at)])),
    traits: traits(past),
    stage,
    candidateSince,
    steps,
    visits: new Set(visitNames(model, past).filter(name => !name.startsWith('server'))).size,
    engagedMs: past.reduce((sum, _, index) => sum + growth(past, index).by, 0),
    firstTouch,
    lastTouch: touched.findLast(touch => touch.source !== '(direct)') ?? firstTouch,
    firstSeen: past[0]?.at ?? null,
    lastSeen: past.at(-1)?.at ?? null,
  }
}

/** Of what happened before, only what was said of the person is left. */
const spentUntil = (recycledAt: Instant, past: StoredEvent[]): StoredEvent[] =>
  past.map(event => {
    if (event.at > recycledAt) return event
    const { traits: told } = event.properties
    return { ...event, touch: undefined, type: 'spent', properties: told === undefined ? {} : { traits: told } }
  })

/** The labels borne at an instant: looked at after every event and on every full minute, one after the other. */
export function labelsOf(model: Model, events: readonly StoredEvent[], at: Instant): string[] {
  const past = inHistory(events).filter(event => event.at <= at)
  return model.labels.flatMap(({ id, score, gte }) => {
    const cool = gte - 0.2 * Math.abs(gte)
    let borne = false
    let coolSince: Instant | null = null
    const look = (points: number, now: Instant) => {
      if (points >= gte) borne = true
      if (points >= cool) coolSince = null
      else if (borne) coolSince ??= now
      if (coolSince !== null && now - coolSince >= DAY) borne = false
      if (!borne) coolSince = null
    }
    past.forEach((event, index) => {
      const then = courseFrom(model, past.slice(0, index + 1), event.at)
      look(then(event.at)[score], event.at)
      const end = past[index + 1]?.at ?? at + 1
      for (let minute = Math.floor(event.at / MINUTE + 1) * MINUTE; minute < end; minute += MINUTE)
        look(then(minute)[score], minute)
    })
    return borne ? [id] : []
  })
}

/** The scores at any instant after `from`, if nothing happens after it. */
export function courseFrom(
  model: Model,
  events: readonly StoredEvent[],
  from: Instant,
): (at: Instant) => Record<ScoreName, number> {
  const past = inHistory(events).filter(event => event.at <= from)
  const begun = new Map(model.rules.map(rule => [rule.id, rulePoints(model, rule, past, from)]))
  return at => sumUp(model, rule => begun.get(rule.id)! * ('on' in rule ? decay(at - from, rule) : 1))
}

/** The score alone, at any instant. */
export const scoreOf = (model: Model, events: readonly StoredEvent[], at: Instant, name: ScoreName = 'total'): number =>
  scores(
    model,
    inHistory(events).filter(event => event.at <= at),
    at,
  )[name]

function inHistory(events: readonly StoredEvent[]): StoredEvent[] {
  const counted = events.filter(event => event.mark === null && event.provenance !== 'weak')
  const byId = new Map(counted.map(event => [event.id, event]))
  return [...byId.values()].toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at - b.at))
}

const scores = (model: Model, past: StoredEvent[], at: Instant): Record<ScoreName, number> =>
  sumUp(model, rule => rulePoints(model, rule, past, at))

function sumUp(model: Model, pointsOf: (rule: Rule) => number): Record<ScoreName, number> {
  const kind = (wanted: 'engagement' | 'fit') =>
    model.groups
      .filter(group => group.kind === wanted)
      .map(group => {
        const rules = model.rules.filter(rule => rule.group === group.id)
        return limited(
          rules.reduce((sum, rule) => sum + pointsOf(rule), 0),
          group,
        )
      })
      .reduce((sum, points) => sum + points, 0)
  const engagement = kind('engagement')
  const fit = kind('fit')
  return { engagement, fit, total: limited(engagement + fit, model.total) }
}

function limited(points: number, { min, max }: Limits): number {
  if (min !== undefined && points < min) return min
  if (max !== undefined && points > max) return max
  return points
}

function rulePoints(model: Model, rule: Model['rules'][number], past: StoredEvent[], at: Instant): number {
  if ('trait' in rule) return allMatch(rule.trait, name => traits(past).get(name) ?? null) ? rule.points : 0
  const visits = visitNames(model, past)
  const removed = takenOut(rule, past)
  const admitted = new Map<string, number>()
  let points = 0
  let last = at
  past.forEach((event, index) => {
    if (!isMeant(event, rule.on, rule.where) || removed.has(index)) return
    const worth = worthOf(rule, past, index)
    if (worth === 0) return
    const bucket = JSON.stringify([bucketOf(model, rule, event, visits[index]!), keyOf(rule, event)])
    const before = admitted.get(bucket) ?? 0
    if (rule.limit && before >= rule.limit.n) return
    admitted.set(bucket, before + 1)
    points = points * decay(event.at - last, rule) + worth
    if (rule.cap !== undefined) points = rule.cap > 0 ? Math.min(points, rule.cap) : Math.max(points, rule.cap)
    last = event.at
  })
  return points * decay(at - last, rule)
}

function decay(elapsed: number, { halfLifeDays }: EventRule): number {
  if (halfLifeDays === null || halfLifeDays === undefined) return 1
  return Math.pow(0.5, elapsed / DAY / halfLifeDays)
}

function takenOut({ on, where, reversedBy }: EventRule, past: StoredEvent[]): Set<number> {
  const taken = new Set<number>()
  if (!reversedBy) return taken
  past.forEach((removal, now) => {
    if (!isMeant(removal, reversedBy.on)) return
    const found = past.findIndex((event, index) => {
      if (index >= now || taken.has(index) || !isMeant(event, on, where)) return false
      return reversedBy.match.every(name => read(event, name) === read(removal, name))
    })
    if (found >= 0) taken.add(found)
  })
  return taken
}

function worthOf({ points }: EventRule, past: StoredEvent[], index: number): number {
  if (typeof points === 'number') return points
  const given = (amount: number) => {
    const all = Math.floor(amount / points.per) * points.points
    if (points.max === undefined) return all
    return points.max > 0 ? Math.min(all, points.max) : Math.max(all, points.max)
  }
  const event = past[index]!
  if (event.type === 'user_engagement' && points.of === 'engaged_ms') {
    const { before, by } = growth(past, index)
    return given(before + by) - given(before)
  }
  const amount = read(event, points.of)
  return typeof amount === 'number' && amount > 0 ? given(amount) : 0
}

function growth(past: StoredEvent[], index: number): { before: number; by: number } {
  const engaged = (event: StoredEvent) => {
    const reported = event.type === 'user_engagement' ? event.properties['engaged_ms'] : 0
    return typeof reported === 'number' ? Math.max(0, reported) : 0
  }
  const event = past[index]!
  const sameView = past.slice(0, index).filter(other => other.view !== undefined && other.view === event.view)
  const before = Math.max(0, ...sameView.map(engaged))
  return { before, by: Math.max(0, engaged(event) - before) }
}

/** For each event the name of the visit it belongs to, or of the day for what a server reports. */
function visitNames(model: Model, past: StoredEvent[]): string[] {
  return past.map((event, index) => {
    if (event.provenance === 'server') return `server ${day(model, event.at)}`
    let beginning = event
    for (const earlier of past.slice(0, index).toReversed()) {
      if (earlier.visitor !== event.visitor || earlier.provenance === 'server') continue
      if (beginning.at - earlier.at > 30 * MINUTE) break
      beginning = earlier
    }
    return `visit of ${event.visitor} since ${beginning.id}`
  })
}

function bucketOf(model: Model, { limit }: EventRule, event: StoredEvent, visit: string): string {
  if (limit?.per === 'visit') return visit
  return limit?.per === 'day' ? day(model, event.at) : 'ever'
}

const keyOf = ({ limit }: EventRule, event: StoredEvent): Json =>
  limit?.key === undefined ? null : read(event, limit.key)

/** Making one takes longer than everything else. */
const formats = new Map<string, Intl.DateTimeFormat>()

function day({ timezone }: Model, at: Instant): string {
  const format = formats.get(timezone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' })
  formats.set(timezone, format)
  return format.format(at)
}

function traits(past: StoredEvent[]): Map<string, Json> {
  const known = new Map<string, Json>()
  const byServer = new Set<string>()
  for (const event of past) {
    const told = event.properties['traits']
    if (typeof told !== 'object' || told === null || Array.isArray(told)) continue
    for (const [name, value] of Object.entries(told)) {
      if (event.provenance === 'server') byServer.add(name)
      else if (byServer.has(name)) continue
      if (value === null) known.delete(name)
      else known.set(name, value)
      if (value === null) byServer.delete(name)
    }
  }
  return known
}

function isMeant(event: StoredEvent, type: string, where: Where = {}): boolean {
  const isForm = typeof event.properties['form_kind'] === 'string'
  const isType = event.type === type || (type === 'form_submit' && isForm)
  return isType && allMatch(where, name => read(event, name))
}

function read(event: StoredEvent, name: string): Json {
  if (name === 'path' && event.url !== undefined) return new URL(event.url).pathname
  if (name === 'source' && event.touch) return event.touch.source
  return event.properties[name] ?? null
}

const allMatch = (where: Where, value: (name: string) => Json): boolean =>
  Object.entries(where).every(([name, matcher]) => matches(matcher, value(name)))

function matches(matcher: Matcher, value: Json): boolean {
  if (matcher === null || typeof matcher !== 'object') return value === matcher
  if (matcher.exists !== undefined && matcher.exists !== (value !== null)) return false
  if (matcher.eq !== undefined && value !== matcher.eq) return false
  if (matcher.in !== undefined && !matcher.in.some(one => one === value)) return false
  if (matcher.ne !== undefined && (value === null || value === matcher.ne)) return false
  if (matcher.prefix !== undefined && !(typeof value === 'string' && value.startsWith(matcher.prefix))) return false
  if (matcher.gte !== undefined && !(typeof value === 'number' && value >= matcher.gte)) return false
  return true
}

function furthest(model: Model, past: StoredEvent[], at: Instant, from: Stage): Stage | null {
  for (const stage of ['mql', 'lead', 'subscriber'] as const) {
    const condition = model.stages[stage]
    const isOpen = from === 'recycled' ? stage === 'mql' : STAGES.indexOf(stage) > STAGES.indexOf(from)
    if (!isOpen || condition === undefined) continue
    if (isMet(model, condition, past, at, from)) return stage
  }
  return null
}

function isMet(model: Model, condition: Condition, past: StoredEvent[], at: Instant, stage: Stage): boolean {
  const met = (part: Condition) => isMet(model, part, past, at, stage)
  if ('all' in condition) return condition.all.every(met)
  if ('any' in condition) return condition.any.some(met)
  if ('not' in condition) return !met(condition.not)
  if ('atLeast' in condition) return condition.atLeast.of.filter(met).length >= condition.atLeast.n
  if ('score' in condition) return scores(model, past, at)[condition.score] >= condition.gte
  if ('known' in condition) return traits(past).has(condition.known)
  if ('trait' in condition) return allMatch(condition.trait, name => traits(past).get(name) ?? null)
  if ('stage' in condition) return STAGES.indexOf(stage) >= STAGES.indexOf(condition.stage)
  if ('event' in condition) {
    const { event: type, where, count = 1, within, distinct } = condition
    const found = past.filter(
      event => isMeant(event, type, where) && (within === undefined || at - event.at <= within * DAY),
    )
    if (distinct === undefined) return found.length >= count
    return new Set(found.map(event => read(event, distinct)).filter(value => value !== null)).size >= count
  }
  const { sequence, within, sameKey } = condition
  const goesOn = (step: number, from: number, first: StoredEvent | null): boolean => {
    if (step === sequence.length) return true
    return past.some((event, index) => {
      if (index < from || !isMeant(event, sequence[step]!.event, sequence[step]!.where)) return false
      if (sameKey !== undefined && read(event, sameKey) === null) return false
      if (sameKey !== undefined && first && read(event, sameKey) !== read(first, sameKey)) return false
      if (within !== undefined && first && event.at - first.at > within * DAY) return false
      return goesOn(step + 1, index + 1, first ?? event)
    })
  }
  return goesOn(0, 0, null)
}
