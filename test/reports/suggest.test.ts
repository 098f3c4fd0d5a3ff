import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adoptionsOf, suggest, SUGGEST_DEFAULTS } from '../../collector/reports/suggest.ts'
import { adopt, withThreshold } from '../../collector/scoring/adopt.ts'
import { evidenceOf } from '../../collector/scoring/evidence.ts'
import { fitStep, isDone, MAX_STEPS, startFit } from '../../collector/scoring/logistic.ts'
import { readModel } from '../../collector/scoring/model.ts'
import { shop } from '../../collector/scoring/starters/shop.ts'
import type { Store } from '../../collector/store/store.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { DAY } from '../../shared/instant.ts'
import type { Model, Rule } from '../../shared/model.ts'
import { happened, model, NOON } from '../scoring/history.ts'
import { random } from './random.ts'

interface Told {
  events: StoredEvent[]
  won: boolean
  at: number
}

/** A store of people of whom it is known how it went. */
const storeOf = (people: readonly Told[]) =>
  ({
    persons: async (_site: number, limit: number, after = '') => {
      const from = after === '' ? 0 : Number(after) + 1
      return people.slice(from, from + limit).map((_, i) => ({ id: String(from + i), profilingStopped: null }))
    },
    history: async (_site: number, id: string) => people[Number(id)]!.events,
    outcomes: async (_site: number, person: string) => {
      const { won, at } = people[Number(person)]!
      return [{ person, result: won ? 'won' : 'lost', at }]
    },
    transitions: async () => [],
  }) as unknown as Store

const learn = (people: readonly Told[], document: Model, trainShare = 0.5) =>
  suggest(storeOf(people), 1, { version: 1, document }, { ...SUGGEST_DEFAULTS, trainShare })

const on = (id: string, more: Partial<Extract<Rule, { on: string }>> = {}): Rule => ({
  id,
  group: 'web',
  on: id,
  points: 10,
  limit: { n: 1, per: 'ever' },
  ...more,
})

describe('suggested points', () => {
  /** One doubles the odds, one does nothing, one halves them twice. */
  const SIGNALS = model({ rules: [on('demo'), on('blog'), on('careers')] })
  const crowdOf = (size: number, seed: number): Told[] => {
    const chance = random(seed)
    return Array.from({ length: size }, (_, i) => {
      const did = { careers: chance() < 0.3, demo: chance() < 0.4, blog: chance() < 0.5 }
      const odds = 0.5 * (did.demo ? 4 : 1) * (did.careers ? 0.25 : 1)
      const at = NOON + i * DAY
      const types = Object.entries(did).flatMap(([type, happens]) => (happens ? [type] : []))
      return {
        events: types.map((type, step) => happened(type, at - 5 + step)),
        won: chance() < odds / (1 + odds),
        at,
      }
    })
  }

  test('are whole numbers of which 20 double the odds, as the people were made', async () => {
    const { rules, validated, trained } = await learn(crowdOf(6_000, 1), SIGNALS)
    const points = Object.fromEntries(rules.map(rule => [rule.rule, rule.points]))
    expect(Math.abs(points['demo']! - 40)).toBeLessThanOrEqual(8)
    expect(Math.abs(points['blog']!)).toBeLessThanOrEqual(5)
    expect(Math.abs(points['careers']! + 40)).toBeLessThanOrEqual(8)
    expect(trained.won + trained.lost).toBe(3_000)
    expect(validated.won + validated.lost).toBe(3_000)
    expect(validated.auc).toBeGreaterThan(0.68)
    expect(validated.auc! - validated.aucBefore!).toBeGreaterThan(0.05)
  })

  test('learn nothing from whoever was decided later', async () => {
    const early = crowdOf(600, 2)
    const [one, two] = [3, 4].map(seed => crowdOf(600, seed).map(told => ({ ...told, at: told.at + 10_000 * DAY })))
    const after = async (later: Told[]) =>
      (await learn([...later, ...early], SIGNALS)).rules.map(({ points }) => points)
    expect(await after(one!)).toEqual(await after(two!))
  })

  test('are refused to a rule with 9 wins, or 29 people; with 10 and 30 there are some', async () => {
    const people = (wins: number, losses: number): Told[] => {
      const told = (won: boolean, type: string, i: number): Told => ({
        events: [happened(type, NOON + i)],
        won,
        at: NOON + DAY + i,
      })
      return [
        ...Array.from({ length: wins }, (_, i) => told(true, 'demo', i)),
        ...Array.from({ length: losses }, (_, i) => told(false, 'demo', i)),
        ...Array.from({ length: 100 }, (_, i) => told(i % 2 === 0, 'page_view', i)),
        // Whom to try it on.
        ...Array.from({ length: 100 }, (_, i) => told(i % 2 === 0, 'page_view', i + 1_000)),
      ]
    }
    const rule = async (wins: number, losses: number) => {
      const all = people(wins, losses)
      const { rules } = await learn(all, model({ rules: [on('demo')] }), (all.length - 100) / all.length)
      return rules[0]!
    }
    expect(await rule(9, 200)).toMatchObject({ points: null, coefficient: null, refused: '9 wins, and 10 are needed.' })
    expect(await rule(15, 14)).toMatchObject({ points: null, refused: '29 people, and 30 are needed.' })
    const enough = await rule(10, 20)
    expect(enough).toMatchObject({ refused: null, evidence: { people: 30, won: 10, lost: 20 } })
    expect(enough.points).toBeLessThan(0)
    expect(enough.evidence.rate.rate).toBeCloseTo(1 / 3, 9)
  })

  test('go with the half-life that tells best, and keep the present one where none tells better', async () => {
    const chance = random(5)
    const people = Array.from({ length: 2_000 }, (_, i): Told => {
      const at = NOON + i * DAY
      const age = 60 * chance()
      const recent = age < 8
      const events = [happened('demo', at - age * DAY - 5), happened('page_view', at - 5)]
      if (chance() < 0.5) events.push(happened('blog', at - 40 * DAY * chance() - 5))
      return { events, won: chance() < (recent ? 0.8 : 0.15), at }
    })
    const rules = [on('demo', { halfLifeDays: null }), on('blog', { halfLifeDays: 30 })]
    const found = (await learn(people, model({ rules }))).rules
    expect(found[0]!.halfLifeDays).not.toBeNull()
    expect(found[0]!.halfLifeDays).toBeLessThanOrEqual(14)
    expect(found[1]).toMatchObject({ halfLifeDays: 30, halfLifeDaysNow: 30 })
    expect(adoptionsOf(found, ['demo'])).toMatchObject([{ rule: 'demo', halfLifeDays: found[0]!.halfLifeDays }])
  })
})

describe('taking suggestions over', () => {
  test('changes the points of the accepted rules; caps and maxima stay as many matches, and 0 takes a rule out', () => {
    const rules: Rule[] = [
      { id: 'cart', group: 'web', on: 'add_to_cart', points: 20, cap: 40, halfLifeDays: 7 },
      {
        id: 'time',
        group: 'web',
        on: 'user_engagement',
        points: { per: 60_000, of: 'engaged_ms', points: 1, max: 5 },
        cap: 15,
      },
      { id: 'area', group: 'fit', trait: { country: 'NO' }, points: 30 },
      { id: 'home', group: 'web', on: 'page_view', points: 1 },
    ]
    const found = adopt(model({ rules }), [
      { rule: 'cart', points: -5, halfLifeDays: 14 },
      { rule: 'time', points: 3 },
      { rule: 'home', points: 0 },
    ])
    expect(found.rules).toEqual([
      { id: 'cart', group: 'web', on: 'add_to_cart', points: -5, cap: -10, halfLifeDays: 14 },
      {
        id: 'time',
        group: 'web',
        on: 'user_engagement',
        points: { per: 60_000, of: 'engaged_ms', points: 3, max: 15 },
        cap: 45,
      },
      rules[2],
    ])
    expect(readModel(found)).toEqual(found)
  })

  test('a threshold goes where the condition for MQL asks for that score, or else beside it', () => {
    const asks = (mql: Model['stages']['mql']) =>
      withThreshold(model({ stages: mql ? { mql } : {} }), 'total', 42).stages.mql
    const threshold = { score: 'total', gte: 42 }
    expect(
      asks({
        all: [
          { score: 'total', gte: 50 },
          { score: 'fit', gte: 10 },
        ],
      }),
    ).toEqual({
      all: [threshold, { score: 'fit', gte: 10 }],
    })
    expect(asks({ event: 'request_quote' })).toEqual({ all: [{ event: 'request_quote' }, threshold] })
    expect(asks(undefined)).toEqual(threshold)
    expect(readModel(withThreshold(shop, 'engagement', 30))).toBeTruthy()
  })
})

describe('the statistics behind it', () => {
  test('weight of evidence adds half a case to each count', () => {
    const { weight, informationValue } = evidenceOf(30, 10, { won: 40, lost: 60 })
    expect(weight.with).toBeCloseTo(Math.log(30.5 / 41 / (10.5 / 61)), 12)
    expect(weight.without).toBeCloseTo(Math.log(10.5 / 41 / (50.5 / 61)), 12)
    expect(informationValue).toBeCloseTo((30.5 / 41 - 10.5 / 61) * (weight.with - weight.without), 12)
  })

  test('the regression ends where no weight could be better, also when a column tells without fail', () => {
    const table = fc.array(
      fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), fc.boolean()),
      {
        minLength: 5,
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(table, fc.constantFrom(0.1, 1, 10), (rows, ridge) => {
        const columns = [0, 1].map(j => Float64Array.from(rows, row => Number(row[j])))
        const won = Uint8Array.from(rows, row => Number(row[2]))
        let fit = startFit(columns)
        for (let i = 0; i < MAX_STEPS && !isDone(fit); i++) fit = fitStep(columns, won, fit, ridge)
        const [bias, ...slopes] = fit.weights
        const left = rows.map(
          (row, i) => won[i]! - 1 / (1 + Math.exp(-bias! - slopes[0]! * row[0] - slopes[1]! * row[1])),
        )
        const gradient = columns.map(
          (column, j) => left.reduce((sum, rest, i) => sum + rest * column[i]!, 0) - ridge * slopes[j]!,
        )
        for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-4)
      }),
      { numRuns: 300 },
    )
  })
})
