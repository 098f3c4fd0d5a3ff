import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestCollector } from '../collector.ts'
import { signIn, type Visitor } from './browserless.ts'
import { figures, listed, number, opens, text } from './figures.ts'
import { filledCollector } from './filled.ts'

// Every figure is the API's, and every link opens exactly so many leads.

let collector: TestCollector
let someone: Visitor
beforeAll(async () => {
  collector = await filledCollector()
  someone = await signIn(collector)
})
afterAll(() => collector.close())

describe.each([7, 30, 90])('Home, %s days', days => {
  test('opens exactly as many leads as each number says, and the API lists as many', async () => {
    const { text: page } = await someone.get(`/home?days=${days}`)
    const found = figures(page)
    expect(found.length).toBeGreaterThanOrEqual(12)
    for (const { href, shown } of found) {
      expect(await opens(someone, href), href).toBe(shown)
      expect(await listed(collector, href.slice('/leads'.length)), href).toBe(shown)
    }
  })

  test('says what the funnel report says', async () => {
    const { text: page } = await someone.get(`/home?days=${days}`)
    const span = /\/leads\?(from=[^"]+?)"/.exec(page)![1]!.replaceAll('&amp;', '&')
    const report = await collector.ask<{
      steps: { people: number }[]
      reached: Record<string, number>
      previous: { reached: Record<string, number> }
    }>(`/v1/reports/funnel?${span}&compare=previous`)
    const rows = [...page.matchAll(/<td class="number"><a[^>]*>(.*?)<\/a>/gs)].map(([, count = '']) => number(count))
    expect(rows).toEqual(report.steps.map(({ people }) => people))
    const tiles = [...page.matchAll(/<p class="figure">(.*?)<\/p>/gs)].map(([, count = '']) => number(text(count)))
    const before = [...page.matchAll(/([\d,]+) before/g)].map(([, count = '']) => number(count))
    const shown = ['visitor', 'lead', 'mql', 'sql', 'customer']
    expect(tiles).toEqual(shown.map(stage => report.reached[stage]))
    expect(before).toEqual(shown.map(stage => report.previous.reached[stage]))
  })
})

test('the parts of the chart add up to the count above it', async () => {
  for (const metric of ['visitor', 'lead', 'mql']) {
    const { text: page } = await someone.get(`/home?metric=${metric}`)
    const columns = [...page.matchAll(/<title>[^<:]*: ([\d,]+)<\/title>/g)].map(([, count = '']) => number(count))
    const tile = page.split('<li class="card">')[['visitor', 'lead', 'mql'].indexOf(metric) + 1]!
    expect(columns).toHaveLength(30)
    expect(columns.reduce((sum, count) => sum + count, 0)).toBe(
      number(text(/<p class="figure">(.*?)<\/p>/s.exec(tile)![1]!)),
    )
  }
})
