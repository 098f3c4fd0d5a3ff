import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backtest, BACKTEST_DEFAULTS, type BacktestOptions } from '../../collector/reports/backtest.ts'
import { histogramOf } from '../../collector/reports/histogram.ts'
import { judge } from '../../collector/scoring/judge.ts'
import type { ArrivedEvent } from '../../collector/store/store.ts'
import { nobodyRow, thresholdRows } from '../../shared/backtest.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { DAY } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import type { Result } from '../../shared/outcome.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { anyModel, history } from '../scoring/arbitrary.ts'
import { happened, model as simple, NOBODY } from '../scoring/history.ts'
import { crowd, type Crowd } from '../store/crowd.ts'
import { pairwise } from './pairwise.ts'

const RUNS = 60

let minted = 0
const arrived = (event: StoredEvent): ArrivedEvent => {
  const { visitor: _, ...facts } = event
  const bytes = Uint8Array.from({ length: 10 }, (_unused, i) => ((minted >> (8 * (i % 4))) + i) & 255)
  minted++
  return { ...facts, id: uuidv7(event.at, bytes), rawAt: event.at }
}

/** Somebody in a browser of their own, with an outcome if there is one; the id. */
async function enter(c: Crowd, name: string, events: readonly StoredEvent[], outcome?: { result: Result; at: number }) {
  await c.arrive(name, ...events.map(arrived))
  const { id } = await c.person(name)
  if (outcome) {
    const facts = { id: `o-${name}`, person: id, value: null, currency: null, source: 'crm', actor: 'key_test' }
    await c.store.addOutcomes(c.site, [{ ...facts, ...outcome }], c.now())
  }
  return id
}

const run = async (c: Crowd, options: Partial<BacktestOptions> = {}) =>
  backtest(c.store, c.site, await c.store.model(c.site), { ...BACKTEST_DEFAULTS, ...options })

describe('a back-test', () => {
  const person = fc.record({
    events: history,
    // Within the history, so that something comes before the outcome and something after.
    outcome: fc.option(
      fc.record({
        result: fc.constantFrom<Result[]>('won', 'lost'),
        place: fc.double({ min: 0, max: 1.2, noNaN: true }),
      }),
      { freq: 4 },
    ),
  })

  test('is what the judge makes of every person at every moment before the outcome, one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyModel,
        anyModel,
        fc.array(person, { minLength: 1, maxLength: 10 }),
        async (draft, live, people) => {
          const c = await crowd(live)
          const told = people.map(({ events, outcome }) => {
            const known = events.map(event => ({ ...event, properties: withoutEmail(event) }))
            const times = known.map(({ at }) => at)
            const [from, to] = [Math.min(...times), Math.max(...times)]
            const at = outcome && times.length > 0 ? Math.floor(from + (to - from) * outcome.place) : 0
            return { events: known, outcome: outcome && { result: outcome.result, at } }
          })
          const truth: {
            id: string
            result: Result | null
            moments: Moment[]
            mql: number | null
            liveMql: number | null
            at: number
          }[] = []
          for (const [index, { events, outcome }] of told.entries()) {
            if (events.length === 0) continue
            const id = await enter(c, `v${index}`, events, outcome ?? undefined)
            const before = (await c.store.history(c.site, id)).filter(({ at }) => at < (outcome?.at ?? Infinity))
            if (!outcome && before.length === 0) continue
            truth.push({
              id,
              result: outcome?.result ?? null,
              at: outcome?.at ?? NaN,
              moments: momentsOf(draft, before),
              mql: firstMql(draft, before),
              liveMql: firstMql(live, before),
            })
          }
          const version = await c.store.draft(c.site, draft, 'key_test', c.now())
          const found = await backtest(
            c.store,
            c.site,
            { version, document: draft },
            { ...BACKTEST_DEFAULTS, openAsLost: false },
          )

          const peak = ({ moments }: (typeof truth)[number]) => Math.max(...moments.map(({ score }) => score))
          const count = (some: typeof truth) => ({
            won: some.filter(({ result }) => result === 'won').length,
            lost: some.filter(({ result }) => result === 'lost').length,
            open: some.filter(({ result }) => result === null).length,
          })
          expect(found.people).toEqual({ ...count(truth), objected: 0, openAsLost: false })
          for (const row of found.thresholds) {
            const flagged = truth.filter(one => peak(one) >= row.threshold)
            const { won, lost, open } = count(flagged)
            expect([row.truePositives, row.falsePositives, row.open, row.flagged]).toEqual([
              won,
              lost,
              open,
              flagged.length,
            ])
            const days = flagged.flatMap(({ result, at, moments }) => {
              const first = moments.find(({ score }) => score >= row.threshold)
              return result === 'won' && first?.at !== undefined ? (at - first.at) / DAY : []
            })
            expect(row.medianLeadDays).toBe(medianOf(days))
          }
          if (truth.length > 0) expect(found.thresholds.at(-1)!.flagged).toBeGreaterThan(0)
          const decided = truth.filter(({ result }) => result !== null)
          expect(found.auc).toBe(pairwise(decided.map(one => ({ score: peak(one), won: one.result === 'won' }))))
          const moved = (some: typeof truth) => ({ ...count(some), leads: some.map(({ id }) => id).toSorted() })
          const sorted = ({ leads, ...rest }: { leads: string[] }) => ({ ...rest, leads: leads.toSorted() })
          expect(sorted(found.mql.enter)).toEqual(
            moved(truth.filter(({ mql, liveMql }) => mql !== null && liveMql === null)),
          )
          expect(sorted(found.mql.leave)).toEqual(
            moved(truth.filter(({ mql, liveMql }) => mql === null && liveMql !== null)),
          )
        },
      ),
      { numRuns: RUNS },
    )
  })

  const CART = simple({
    rules: [{ id: 'cart', group: 'web', on: 'add_to_cart', points: 10 }],
    stages: { mql: { score: 'total', gte: 20 } },
  })
  const carts = (...at: number[]) => at.map(when => happened('add_to_cart', when))

  test('sees nothing at or after the outcome, and no outcome as points', async () => {
    const c = await crowd({ ...CART, rules: [...CART.rules, { id: 'buy', group: 'web', on: 'purchase', points: 500 }] })
    const at = c.now() - DAY
    await enter(c, 'ada', [...carts(at - 2, at - 1, at, at + 1), happened('purchase', at)])
    await enter(c, 'bob', [...carts(at - 5)], { result: 'lost', at })
    const { histogram, people, warnings } = await run(c)
    expect(people).toMatchObject({ won: 1, lost: 1 })
    expect(histogram.bins.at(-1)).toMatchObject({ score: 20, won: 1 })
    expect(warnings).toMatchObject([{ kind: 'outcome_event', rule: 'buy', pointer: '/rules/1' }])
  })

  test('sees nothing that sales wrote down after the hand-over', async () => {
    const c = await crowd(CART)
    const past = c.now() - DAY
    const id = await enter(c, 'ada', carts(past))
    await c.move(id, 'sql')
    c.wait(DAY)
    const server = { provenance: 'server' as const }
    await c.arrive(
      'ada',
      arrived(happened('add_to_cart', c.now() - 5, {}, server)),
      arrived(happened('add_to_cart', c.now() - 4)),
    )
    c.wait(DAY)
    await c.move(id, 'customer')
    expect((await run(c)).histogram.bins.at(-1)).toMatchObject({ score: 20, won: 1 })
  })

  test('counts those of whom nobody knows yet as lost only where nobody is ever called lost', async () => {
    const c = await crowd(CART)
    const at = c.now() - DAY
    await enter(c, 'ada', carts(at - 1), { result: 'won', at })
    await enter(c, 'bob', carts(at - 1))
    expect((await run(c)).people).toMatchObject({ won: 1, lost: 1, open: 0, openAsLost: true })
    await enter(c, 'cyd', carts(at - 1), { result: 'lost', at })
    expect((await run(c)).people).toMatchObject({ won: 1, lost: 1, open: 1, openAsLost: false })
    expect((await run(c)).thresholds.at(-1)).toMatchObject({ flagged: 3, truePositives: 1, falsePositives: 1, open: 1 })
  })

  test('leaves out who may not be profiled', async () => {
    const c = await crowd(CART)
    const id = await enter(c, 'ada', carts(c.now() - 9), { result: 'won', at: c.now() })
    await enter(c, 'bob', carts(c.now() - 9), { result: 'won', at: c.now() })
    const { engine } = await import('../../collector/scoring/engine.ts')
    await c.store.stopProfiling(c.site, id, { reason: 'objection', actor: 'key_test' }, c.now(), engine)
    expect((await run(c)).people).toMatchObject({ won: 1, objected: 1 })
  })

  test('names a trait that sales set, and one that came only with the outcome', async () => {
    const c = await crowd({
      ...CART,
      rules: [
        ...CART.rules,
        { id: 'ready', group: 'fit', trait: { deal_stage: 'negotiation' }, points: 50 },
        { id: 'owner', group: 'fit', trait: { owner: { exists: true } }, points: 5 },
        { id: 'area', group: 'fit', trait: { country: 'NO' }, points: 5 },
      ],
    })
    const at = c.now() - DAY
    for (let i = 0; i < 60; i++) {
      const won = i % 3 === 0
      const told = (traits: object, when: number, provenance: 'browser' | 'server') =>
        happened('identify', when, { traits: { ...traits } }, { provenance })
      const events = [...carts(at - 9), told({ country: i % 2 ? 'NO' : 'DK' }, at - 8, 'browser')]
      if (won)
        events.push(told({ deal_stage: 'negotiation' }, at - 7, 'server'), told({ owner: 'eve' }, at + 5, 'server'))
      await enter(c, `v${i}`, events, { result: won ? 'won' : 'lost', at })
    }
    const { warnings } = await run(c)
    expect(warnings).toMatchObject([
      { kind: 'information_value', rule: 'ready', pointer: '/rules/1' },
      { kind: 'after_outcome', rule: 'owner', pointer: '/rules/2' },
    ])
    expect(warnings[0]?.detail).toMatch(
      /"ready" alone nearly tells.*set by a server for 20 of 20 people: was that sales/,
    )
    expect(warnings[1]?.detail).toMatch(/"owner" became known with the outcome or after it for 20 of 20/)
  })

  test('finds the threshold for what sales can take, and the best one', async () => {
    const c = await crowd(CART)
    const at = c.now() - DAY
    for (let i = 0; i < 20; i++) {
      const moments = Array.from({ length: i + 1 }, (_, j) => at - 14 * DAY + j)
      await enter(c, `v${i}`, carts(...moments), { result: i >= 15 ? 'won' : 'lost', at })
    }
    const { capacity, best, period, thresholds } = await run(c, { perWeek: 5 })
    expect(period.weeks).toBeCloseTo(2, 5)
    expect(best).toEqual({ beta: 1, threshold: 160 })
    expect(capacity).toEqual({ perWeek: 5, threshold: 110 })
    const row = thresholds.find(({ threshold }) => threshold === 110)!
    expect(row).toMatchObject({ flagged: 10, truePositives: 5, falsePositives: 5, lift: 2, recall: { rate: 1 } })
    expect(row.precision.low).toBeCloseTo(0.2366, 4)
    expect(row.precision.high).toBeCloseTo(0.7634, 4)
  })
})

test('thresholds are decimals as one writes them, and flag exactly those who reach them', () => {
  const scores = fc.oneof(
    fc.integer({ min: -5, max: 95 }).map(tenths => tenths / 10),
    fc.double({ min: -0.5, max: 9.4, noNaN: true }),
  )
  fc.assert(
    fc.property(fc.array(scores, { minLength: 1, maxLength: 30 }), peaks => {
      const people = peaks.map(score => ({ label: null, replay: { heights: [{ score, at: 0 }], nothing: 0 } }))
      const histogram = histogramOf(people)
      for (const { threshold, flagged } of [...thresholdRows(histogram, 1), nobodyRow(histogram, 1)]) {
        expect(String(threshold)).toMatch(/^-?\d+(\.\d)?$/)
        expect(flagged).toBe(peaks.filter(score => score >= threshold).length)
      }
    }),
  )
})

interface Moment {
  score: number
  at?: number
}

function momentsOf(model: Model, events: readonly StoredEvent[]): Moment[] {
  const counted = events.filter(({ mark, provenance }) => mark === null && provenance !== 'weak')
  const moments = counted.map((event, index): Moment => {
    const { profile } = judge(model, 1, NOBODY, counted.slice(0, index + 1), event.at)!
    return { score: profile.score, at: event.at }
  })
  return moments.length > 0 ? moments : [{ score: judge(model, 1, NOBODY, [], 0)!.profile.score }]
}

function firstMql(model: Model, events: readonly StoredEvent[]): number | null {
  const { transitions } = judge(model, 1, NOBODY, events, Number.MAX_SAFE_INTEGER / 2)!
  return transitions.find(({ to }) => to === 'mql')?.effectiveAt ?? null
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Two people of one address would be one. */
function withoutEmail({ properties }: StoredEvent): StoredEvent['properties'] {
  const { traits } = properties
  if (!traits || typeof traits !== 'object' || Array.isArray(traits)) return properties
  const { email: _, ...others } = traits
  return { ...properties, traits: others }
}
