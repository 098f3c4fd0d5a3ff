import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../shared/model.ts'
import type { TestCollector } from '../collector.ts'
import { csrfOf, signIn, type Answer, type Visitor } from './browserless.ts'
import { listed, number, text } from './figures.ts'
import { filledCollector } from './filled.ts'

// Rules → draft → what it would change → publish → roll back, by forms.

let collector: TestCollector
let someone: Visitor
let csrf: string
beforeAll(async () => {
  collector = await filledCollector(120)
  someone = await signIn(collector)
  csrf = csrfOf((await someone.get('/scoring/1/edit')).text)
})
afterAll(() => collector.close())

interface Version {
  version: number
  status: string
  copy_of: number | null
}
const versions = async (): Promise<Version[]> => (await collector.ask<{ data: Version[] }>('/v1/models')).data
const live = async (): Promise<number> => (await versions()).find(({ status }) => status === 'live')!.version
const documentOf = async (version: number): Promise<Model> =>
  (await collector.ask<{ document: Model }>(`/v1/models/${version}`)).document

/** The fields of the form as the page has them. */
function fieldsOf(page: string): Record<string, string> {
  const inputs = [...page.matchAll(/name="((?:points|half-life|limit|cap)-\d+)"\s+value="([^"]*)"/g)]
  const selects = [...page.matchAll(/<select\s+name="(per-\d+)".*?<option value="(\w+)" selected/gs)]
  return Object.fromEntries([...inputs, ...selects].map(([, name = '', value = '']) => [name, value]))
}
const fieldOf = (page: string, name: string): string =>
  new RegExp(`<input[^>]*name="${name}"[^>]*>(?:\\s*<span[^>]*id="wrong-${name}"[^>]*>[^<]*</span)?`).exec(page)?.[0] ??
  ''

describe('the form', () => {
  test('sent as it is changes nothing but what the document leaves to defaults', async () => {
    const fields = fieldsOf((await someone.get('/scoring/1/edit')).text)
    const answer = await someone.post('/scoring/1/draft', { csrf, ...fields })
    expect(answer.location).toMatch(/^\/scoring\/\d+$/)
    expect(await documentOf(Number(answer.location!.split('/').at(-1)))).toEqual(await documentOf(1))
    expect((await someone.get(answer.location!)).text).toContain('Nothing is different.')
  })

  test('changes one rule; the draft says what is different and what the API says it would change', async () => {
    const fields = fieldsOf((await someone.get('/scoring/1/edit')).text)
    const before = await documentOf(1)
    const index = before.rules.findIndex(rule => 'on' in rule && typeof rule.points === 'number')
    const [points, cap] = [`points-${index}`, `cap-${index}`]
    const sent = { csrf, ...fields, [points]: '20', [cap]: '40', [`half-life-${index}`]: '9.5', [`limit-${index}`]: '' }
    const { location } = await someone.post('/scoring/1/draft', sent)
    const version = Number(location!.split('/').at(-1))
    const changed = await documentOf(version)
    expect(changed.rules[index]).toMatchObject({ points: 20, cap: 40, halfLifeDays: 9.5 })
    expect(changed.rules[index]).not.toHaveProperty('limit')
    expect(changed.rules.toSpliced(index, 1)).toEqual(before.rules.toSpliced(index, 1))
    expect(await live()).toBe(1)

    const page = (await someone.get(location!)).text
    expect(text(page)).toContain(`${before.rules[index]!.id}: points`)
    const diff = await collector.ask<{ stages: { mql: Record<string, number | { count: number }> } }>(
      `/v1/models/${version}/publish?dry_run=true`,
      {},
    )
    const [row = ''] = /<th scope="row"[^>]*>MQLs<\/th\s*>.*?<\/tr>/s.exec(page) ?? []
    const shown = [...row.matchAll(/<td[^>]*>(.*?)<\/td/gs)].map(([, cell = '']) =>
      Number(/[\d,]+/.exec(text(cell))?.[0]),
    )
    const said = Object.values(diff.stages.mql).map(value => (typeof value === 'number' ? value : value.count))
    expect(shown).toEqual(said)
  })

  test('says at the field what is wrong, keeps what was typed, and keeps no draft', async () => {
    const fields = fieldsOf((await someone.get('/scoring/1/edit')).text)
    const count = (await versions()).length
    const [name = ''] = Object.keys(fields).filter(field => field.startsWith('points-'))
    const of = (field: string): string => name.replace('points', field)
    for (const [field, wrong] of [
      [name, '0'],
      [name, 'many'],
      [name, ''],
      [of('half-life'), '-1'],
      [of('limit'), '1.5'],
    ] as const) {
      const answer: Answer = await someone.post('/scoring/1/draft', { csrf, ...fields, [field]: wrong })
      expect(answer.status).toBe(200)
      expect(fieldOf(answer.text, field), `${field} ${wrong}`).toMatch(/aria-invalid="true".*(Must|missing)/s)
      expect(fieldOf(answer.text, field)).toContain(`value="${wrong}"`)
    }
    expect(await versions()).toHaveLength(count)
  })
})

describe('the JSON', () => {
  test('says what is wrong, place by place, and keeps what was typed', async () => {
    const broken = await someone.post('/scoring/1/json', { csrf, document: '{ "name": </textarea><b>' })
    expect(broken.text).toContain('&lt;/textarea&gt;&lt;b&gt;')
    expect(broken.text).toContain('aria-invalid="true"')
    const wrong = { ...(await documentOf(1)), groups: 7, colour: 'blue' }
    const refused = await someone.post('/scoring/1/json', { csrf, document: JSON.stringify(wrong) })
    expect(refused.text).toContain('<code>/groups</code>')
    expect(refused.text).toContain('<code>/colour</code>')
    const nothing = await someone.post('/scoring/1/json', { csrf, document: '' })
    expect(nothing.text).toContain('aria-invalid="true"')
  })

  test('is kept as a draft', async () => {
    const document = { ...(await documentOf(1)), name: '<script>alert(1)</script>' }
    const { location } = await someone.post('/scoring/1/json', { csrf, document: JSON.stringify(document) })
    expect((await documentOf(Number(location!.split('/').at(-1)))).name).toBe(document.name)
    for (const path of ['/scoring', location!, `${location}/edit`])
      expect((await someone.get(path)).text).not.toContain('<script>alert')
  })
})

test('a draft is published, and an older version rolled back to', async () => {
  const [newest] = await versions()
  await someone.post(`/scoring/${newest!.version}/publish`, { csrf })
  expect(await live()).toBe(newest!.version)
  await someone.post('/scoring/1/publish', { csrf })
  expect((await versions())[0]).toMatchObject({ status: 'live', copy_of: 1 })
})

test('each rule shows what the rules report says of it', async () => {
  const report = await collector.ask<{
    people: { mql: number; won: number; lost: number }
    rules: {
      rule: string
      fired: number
      mql: { rate: number | null; low: number; high: number }
      over_represented: string | null
      dead: boolean
    }[]
    drift: { people: number }[]
  }>('/v1/reports/rules')
  let page = ''
  for (let tries = 0; tries < 50 && !page.includes('of '); tries++) {
    page = (await someone.get('/scoring')).text
    if (!page.includes('being counted')) break
  }
  const rows = [...page.matchAll(/<th scope="row"[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) => row)
  const months = rows.splice(report.rules.length)
  expect(months.map(row => number(/<td class="number">(.*?)<\/td>/s.exec(row)?.[1] ?? ''))).toEqual(
    report.drift.map(({ people }) => people),
  )
  expect(rows).toHaveLength(report.rules.length)
  const { mql: mqls, won, lost } = report.people
  expect(mqls).toBe(await listed(collector, '?reached=mql'))
  expect(text(page)).toContain(`Among MQLs of ${mqls} Among won of ${won} Among rejected of ${lost}`)
  for (const [index, { rule, fired, mql, dead, over_represented: over }] of report.rules.entries()) {
    const row = rows[index]!
    const share = /data-label="Among MQLs">(.*?)<\/td/s.exec(row)?.[1] ?? ''
    const [rate, low, high] = [mql.rate, mql.low, mql.high].map(part => `${Math.round((part ?? 0) * 100)}%`)
    expect(text(share)).toBe(`${rate} 95% interval ${low}–${high}`)
    expect(row.includes('commoner among won')).toBe(over === 'won')
    expect(row.includes('commoner among rejected')).toBe(over === 'lost')
    expect(text(row)).toContain(rule.replaceAll('_', ' '))
    expect(row.includes('never fired')).toBe(dead)
    const cell = /data-label="Fired in 30 days">(.*?)<\/td/s.exec(row)?.[1] ?? ''
    if (/\d/.test(text(cell))) expect(Number(text(cell).replaceAll(',', ''))).toBe(fired)
  }
})

test('a version that is not there is not found', async () => {
  expect((await someone.get('/scoring/999')).status).toBe(404)
  expect((await someone.get('/scoring/x/edit')).status).toBe(404)
})
