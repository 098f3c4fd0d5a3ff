import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FACETS } from '../../shared/facet.ts'
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

interface Row {
  value: string
  people: number
  leads: number
  mqls: number
  sqls: number
  customers: number
}
const COUNTED = ['people', 'leads', 'mqls', 'sqls', 'customers'] as const

const rowsOf = (page: string): { name: string; counts: number[] }[] =>
  [...page.matchAll(/<th scope="row"[^>]*>(.*?)<\/th\s*>(.*?)<td role="cell" class="rate"/gs)].map(
    ([, name = '', cells = '']) => ({
      name: text(name),
      counts: [...cells.matchAll(/<a[^>]*>(.*?)<\/a\s*>/gs)].map(([, count = '']) => number(count)),
    }),
  )

describe.each(FACETS)('Content by %s', by => {
  test.each(['any', 'first'])('%s touch: says what the report says', async touch => {
    const { text: page } = await someone.get(`/content?by=${by}&touch=${touch}`)
    const span = /\/leads\?(from=[^"]+?)"/.exec(page)![1]!.replaceAll('&amp;', '&')
    const report = await collector.ask<{ data: Row[]; all: Row }>(
      `/v1/reports/content?${span}&by=${by}&touch=${touch}&limit=50`,
    )
    expect(report.data.length).toBeGreaterThan(0)
    const rows = rowsOf(page)
    expect(rows.map(({ counts }) => counts)).toEqual(
      [report.all, ...report.data].map(row => COUNTED.map(name => row[name])),
    )
    expect(rows.slice(1).map(({ name }) => name)).toEqual(report.data.map(({ value }) => text(value)))
  })

  test.each(['any', 'first'])('%s touch: opens exactly as many leads as each number says', async touch => {
    const { text: page } = await someone.get(`/content?by=${by}&touch=${touch}&days=7&sort=-mql`)
    for (const { href, shown } of figures(page).slice(0, 20)) {
      expect(await opens(someone, href), href).toBe(shown)
      expect(await listed(collector, href.slice('/leads'.length)), href).toBe(shown)
    }
  })
})

test('is sorted by the column that is asked for', async () => {
  for (const [index, sort] of ['people', 'lead', 'mql', 'sql', 'customer'].entries()) {
    const { text: page } = await someone.get(`/content?sort=-${sort}`)
    const counts = rowsOf(page)
      .slice(1)
      .map(row => row.counts[index]!)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect(page.match(/aria-sort="descending"/g)).toHaveLength(1)
  }
})

test('a file holds what the page shows', async () => {
  const json = JSON.parse((await someone.get('/content.json?by=product')).text) as { by: string; data: Row[] }
  const shown = rowsOf((await someone.get('/content?by=product')).text).slice(1)
  expect(json.by).toBe('product')
  expect(json.data.map(row => COUNTED.map(name => row[name]))).toEqual(shown.map(({ counts }) => counts))
  const file = await someone.get('/content.csv?by=product')
  expect(file.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
  const [head, ...lines] = file.text.trim().split('\r\n')
  expect(head!.split(',').slice(0, 6)).toEqual(['value', ...COUNTED])
  expect(lines).toHaveLength(json.data.length)
})

test('nobody who is not signed in gets a file', async () => {
  for (const path of ['/content', '/content.csv', '/content.json']) {
    const answer = await fetch(new URL(path, collector.url), { redirect: 'manual' })
    expect(answer.status).toBe(302)
  }
})
