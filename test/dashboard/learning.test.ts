import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../shared/model.ts'
import type { TestCollector } from '../collector.ts'
import { csrfOf, signIn, type Visitor } from './browserless.ts'
import { decidedCollector } from './decided.ts'
import { text } from './figures.ts'

// What wins and losses say about the model, without a script: the pages show what the API answers.

let collector: TestCollector
let someone: Visitor
beforeAll(async () => {
  collector = await decidedCollector(240)
  someone = await signIn(collector)
})
afterAll(() => collector.close())

interface Row {
  threshold: number
  flagged: number
  flagged_per_week: number
  precision: { rate: number | null; low: number; high: number }
  recall: { rate: number | null }
  lift: number | null
  median_lead_days: number | null
}
interface Backtest {
  auc: number
  base_rate: number
  thresholds: Row[]
  capacity: { threshold: number }
  best: { threshold: number }
  mql: { enter: { leads: string[] }; leave: { leads: string[] } }
  warnings: { kind: string; rule: string }[]
}
const backtest = (version = 1, body: object = {}): Promise<Backtest> =>
  collector.ask(`/v1/models/${version}/backtest`, body)
const get = async (path: string): Promise<string> => (await someone.get(path)).text

/** The big figures of the threshold, by their names. */
const shown = (page: string): Record<string, string> => {
  const [card = ''] = /<section class="card thresholds".*?<\/section>/s.exec(page) ?? []
  const parts = [...card.matchAll(/<dt>(.*?)<\/dt>\s*<dd>\s*<strong[^>]*>(.*?)<\/strong>/gs)]
  return Object.fromEntries(parts.map(([, name = '', value = '']) => [text(name), text(value)]))
}
const percent = (share: number): string => `${Math.round(share * 100)}%`
const threshold = (page: string): number => Number(/name="gte" value="([^"]+)"/.exec(page)?.[1])
const versionIn = (location: string | null): number => Number(location?.split('/').at(-1))
const documentOf = async (version: number): Promise<Model> =>
  (await collector.ask<{ document: Model }>(`/v1/models/${version}`)).document

describe('the back-test', () => {
  test('shows what the API says of a threshold, and all of them in the table', async () => {
    const { thresholds, auc, base_rate: base } = await backtest()
    for (const row of [thresholds[0]!, thresholds[12]!, thresholds.at(-1)!]) {
      const page = await get(`/scoring/1/backtest?at=${row.threshold}`)
      expect(threshold(page)).toBe(row.threshold)
      expect(shown(page)).toEqual({
        'A week': row.flagged_per_week.toFixed(1),
        Precision: percent(row.precision.rate!),
        '95% interval': `${percent(row.precision.low)}–${percent(row.precision.high)}`,
        Recall: percent(row.recall.rate!),
        Lift: `${row.lift!.toFixed(2)} ×`,
        'Lead time': row.median_lead_days?.toFixed(1) ?? '–',
        Flagged: String(row.flagged),
      })
      expect(text(page)).toContain(auc.toFixed(3))
      expect(text(page)).toContain(`${(base * 100).toFixed(1)}%`)
    }
    const page = await get('/scoring/1/backtest')
    const [table = ''] = /<figure.*?<\/figure>/s.exec(page) ?? []
    // And one above all scores.
    expect([...table.matchAll(/<th scope="row">/g)]).toHaveLength(thresholds.length + 1)
  })

  test('stands at the threshold of the model, and offers the best balance', async () => {
    const { best } = await backtest()
    const page = await get('/scoring/1/backtest')
    expect(threshold(page)).toBe(50)
    expect(text(page)).toContain('Now: 50')
    expect(text(page)).toContain(`Best balance (F1): ${best.threshold}`)
  })

  test('finds the threshold for what sales can take', async () => {
    for (const perWeek of [0, 3, 8.5, 1_000]) {
      const { capacity } = await backtest(1, { per_week: perWeek })
      expect(threshold(await get(`/scoring/1/backtest?per_week=${perWeek}`)), String(perWeek)).toBe(capacity.threshold)
    }
  })

  test('is about any of the scores, and takes nonsense for nothing', async () => {
    const { thresholds } = await backtest(1, { score: 'fit' })
    const page = await get(`/scoring/1/backtest?score=fit&at=${thresholds[0]!.threshold}`)
    expect(shown(page)).toMatchObject({ Flagged: String(thresholds[0]!.flagged) })
    for (const query of ['score=x', 'at=x', 'at=', 'per_week=x', 'at=1e999'])
      expect(threshold(await get(`/scoring/1/backtest?${query}`)), query).toBe(50)
    expect(threshold(await get('/scoring/1/backtest?at=-1000'))).toBe((await backtest()).thresholds[0]!.threshold)
    expect((await someone.get('/scoring/99/backtest')).status).toBe(404)
  })

  test('names what may know the outcome', async () => {
    expect((await backtest()).warnings).toMatchObject([{ rule: 'company' }])
    expect(text(await get('/scoring/1/backtest'))).toContain(
      '“company” alone nearly tells who was won (information value',
    )
  })

  test('of a draft, says who would come in and who would drop out, with links', async () => {
    const { version } = await collector.ask<{ version: number }>('/v1/models', {
      ...(await documentOf(1)),
      stages: { mql: { event: 'sign_up' } },
    })
    const { mql } = await backtest(version)
    expect(mql.enter.leads.length).toBeGreaterThan(10)
    const page = await get(`/scoring/${version}/backtest`)
    expect(text(page)).toContain(`${mql.enter.leads.length} people would come in`)
    for (const id of mql.enter.leads.slice(0, 10)) expect(page).toContain(`href="/leads/${id}"`)
  })

  test('a threshold is kept as a draft, or published at once', async () => {
    const csrf = csrfOf(await get('/scoring/1/backtest'))
    const kept = await someone.post('/scoring/1/threshold', { csrf, score: 'total', gte: '37' })
    const draft = versionIn(kept.location)
    expect(JSON.stringify((await documentOf(draft)).stages.mql)).toContain('{"score":"total","gte":37}')
    expect((await collector.ask<{ version: number }>('/v1/models/1')).version).toBe(1)
    const published = await someone.post('/scoring/1/threshold', { csrf, score: 'total', gte: '41', publish: 'true' })
    expect(published.location).toBe('/scoring')
    const { data } = await collector.ask<{ data: { version: number; status: string }[] }>('/v1/models')
    const live = data.find(({ status }) => status === 'live')!.version
    expect(live).toBe(draft + 1)
    expect(JSON.stringify((await documentOf(live)).stages.mql)).toContain('{"score":"total","gte":41}')
    const sent: Record<string, string>[] = [{ score: 'x', gte: '40' }, { gte: 'y' }, { gte: '' }, {}]
    for (const wrong of sent) expect((await someone.post('/scoring/1/threshold', { csrf, ...wrong })).status).toBe(422)
  })
})

describe('suggested points', () => {
  interface Suggestion {
    rule: string
    points: number | null
    points_now: number
    evidence: { people: number; won: number; lost: number }
  }
  const suggestions = async (): Promise<Suggestion[]> =>
    (await collector.ask<{ rules: Suggestion[] }>('/v1/models/suggest', { model: 1 })).rules

  test('stand beside the present ones with their evidence, or say why there are none', async () => {
    const page = await get('/scoring/1/suggestions')
    const rows = [...page.matchAll(/<th scope="row"[^>]*>.*?<\/tr>/gs)].map(([row]) => row)
    const asked = await suggestions()
    expect(rows).toHaveLength(asked.length)
    for (const [index, { rule, points, evidence }] of asked.entries()) {
      const row = text(rows[index]!)
      expect(row).toContain(rule.replaceAll('_', ' '))
      expect(row).toMatch(new RegExp(` ${evidence.won} ${evidence.lost}( |$)`))
      if (points === null)
        expect(row).toContain(
          evidence.people < 30 ? `Too few: ${evidence.people} of 30 people` : `Too few: ${evidence.won} of 10 wins`,
        )
      else expect(row).toContain(points === 0 ? 'take it out' : `${points > 0 ? '+' : '-'}${Math.abs(points)}`)
      expect(rows[index]!.includes('type="checkbox"')).toBe(points !== null)
    }
    expect(asked.some(({ points }) => points !== null)).toBe(true)
    expect(asked.some(({ points }) => points === null)).toBe(true)
  })

  test('those that are ticked become a draft, and no others', async () => {
    const page = await get('/scoring/1/suggestions')
    const csrf = csrfOf(page)
    const hidden = [...page.matchAll(/type="hidden" name="((?:points|half-life)-\d+)" value="([^"]*)"/g)]
    const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
    const before = await documentOf(1)
    const index = before.rules.findIndex(({ id }) => id === 'cart')
    const { points } = (await suggestions())[index]!
    expect(points).toBeGreaterThan(0)
    const { location } = await someone.post('/scoring/1/suggestions', { csrf, ...fields, [`accept-${index}`]: 'true' })
    const { rules } = await documentOf(versionIn(location))
    expect(rules[index]!.points).toBe(points)
    expect(rules.toSpliced(index, 1)).toEqual(before.rules.toSpliced(index, 1))

    const all = await someone.post('/scoring/1/suggestions', { csrf, ...fields, all: 'true' })
    const taken = await documentOf(versionIn(all.location))
    for (const { rule, points: suggested } of await suggestions()) {
      if (suggested === null) continue
      const found = taken.rules.find(({ id }) => id === rule)
      if (suggested === 0) expect(found).toBeUndefined()
      else expect(JSON.stringify(found)).toContain(`"points":${suggested}`)
    }
    const nothing = await someone.post('/scoring/1/suggestions', { csrf, ...fields })
    expect(nothing.location).toBe('/scoring/1/suggestions')
    expect(text(await get('/scoring/1/suggestions'))).toContain('Nothing was ticked')
  })
})

test('while everybody is being replayed, the page says how far that is', async () => {
  // Many questions at once: they are answered one after another.
  const many = await Promise.all(
    ['total', 'engagement', 'fit'].map(score => someone.get(`/scoring/2/backtest?score=${score}&pulse=true`)),
  )
  for (const { text: pulse } of many) expect(pulse).toMatch(/^[01](\.\d+)?$/)
})

test('of too few outcomes it says how many there are', async () => {
  const { id } = await collector.ask<{ id: number }>('/v1/sites', { name: 'New', origins: [collector.url] })
  const { data } = await collector.ask<{ data: { version: number }[] }>(`/v1/models?site=${id}`)
  const page = text(await get(`/scoring/${data[0]!.version}/backtest?site=${id}`))
  expect(page).toContain('Too few outcomes yet')
  expect(page).toContain('0 of 30 people decided')
  expect(page).toContain('0 of 10 wins')
})
