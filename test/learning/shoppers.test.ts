import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BacktestView } from '../../collector/http/learning.ts'
import { suggest, SUGGEST_DEFAULTS } from '../../collector/reports/suggest.ts'
import type { Store } from '../../collector/store/store.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { Model } from '../../shared/model.ts'
import { startShop } from './collect.ts'
import { byHand } from './expected.ts'
import { byIntuition, FROM_EVENTS, INTUITION, withTraits } from './models.ts'
import { eventsOf, inOrderOfVisits, readSessions, SHOPPERS, type Pages } from './sessions.ts'

const sessions = readSessions()
if (!sessions) console.warn(`SKIPPED: what is learned from 12,330 real visits, because there is no ${SHOPPERS}`)
const all = sessions ?? []

describe.skipIf(!sessions)('real visits of a shop, sent through a real collector', () => {
  let shop: Awaited<ReturnType<typeof startShop>>
  beforeAll(async () => {
    shop = await startShop()
  })
  afterAll(() => shop.close())

  test('a back-test of points by intuition is what the file says, to the last person', async () => {
    const some = inOrderOfVisits(all).slice(0, 400)
    await shop.send(some, () => {})
    const version = await shop.draft(INTUITION)
    const told: number[] = []
    const found = await shop.learn<BacktestView>(`/v1/models/${version}/backtest`, { per_week: 10 }, done =>
      told.push(done),
    )
    const expected = byHand(some, byIntuition)
    expect(found.people).toMatchObject({ won: expected.won, lost: expected.lost, open: 0 })
    expect(found.auc).toBeCloseTo(expected.auc, 12)
    for (const row of found.thresholds) {
      const { threshold, flagged, true_positives: truePositives, false_positives: falsePositives, lift } = row
      const [precision, recall] = [row.precision.rate, row.recall.rate]
      expect({ threshold, flagged, truePositives, falsePositives, precision, recall, lift }).toEqual(
        expected.at(threshold),
      )
    }
    expect(found.thresholds[0]?.flagged).toBe(some.length)
    expect(told.at(-1)).toBe(some.length)
    expect(shop.failures).toEqual([])
  })
})

describe.skipIf(!sessions)('points learned from the first half, tried on the other', () => {
  // Nobody who looks at a fiftieth page is told from who looks at a thirtieth, and it is a third of the events.
  const shortened = ({ count, seconds }: Pages): Pages => {
    const kept = Math.min(count, 30)
    return { count: kept, seconds: count === 0 ? 0 : (seconds / count) * kept }
  }
  const visits = inOrderOfVisits(all).map(session => ({ ...session, products: shortened(session.products) }))
  const places = new Map(visits.map((visit, place) => [String(visit.row).padStart(6, '0'), { visit, place }]))
  const ids = [...places.keys()].toSorted()

  /** A store that holds the visits and nothing else. */
  const store = {
    persons: async (_site: number, limit: number, after = '') =>
      ids
        .slice(after === '' ? 0 : ids.indexOf(after) + 1)
        .slice(0, limit)
        .map(id => ({ id, profilingStopped: null })),
    history: async (_site: number, id: string) => {
      const { visit, place } = places.get(id)!
      return eventsOf(visit, place).map((event): StoredEvent => ({
        properties: {},
        ...event,
        visitor: id,
        provenance: 'server',
        mark: null,
      }))
    },
    outcomes: async () => [],
    transitions: async () => [],
  } as unknown as Store

  const learned = async (document: Model) =>
    suggest(store, 1, { version: 1, document }, { ...SUGGEST_DEFAULTS, trainShare: 0.5 })

  test('from what happened alone: AUC 0.67 at least', async () => {
    const { validated, trained } = await learned(FROM_EVENTS)
    expect([trained.won + trained.lost, validated.won + validated.lost]).toEqual([6165, 6165])
    expect(validated.auc).toBeGreaterThanOrEqual(0.67)
  })

  test('with source, visitor and month as traits: 0.72 at least, and what is thin is refused', async () => {
    const { validated, rules } = await learned(withTraits(all))
    expect(validated.auc).toBeGreaterThanOrEqual(0.72)
    for (const { points, refused, evidence } of rules) {
      expect(points === null).toBe(refused !== null)
      expect(refused === null).toBe(evidence.people >= 30 && evidence.won >= 10)
      if (points !== null) expect(Number.isInteger(points)).toBe(true)
    }
    expect(rules.find(({ rule }) => rule === 'month-Feb')?.refused).toMatch(/^\d wins, and 10 are needed\.$/)
  })
})
