import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Mapping } from '../../collector/ingest/table-mapping.ts'
import { random } from '../reports/random.ts'

const LEADLIGHT = resolve(import.meta.dirname, '../../dist/collector/leadlight.js')
const folder = mkdtempSync(join(tmpdir(), 'leadlight-table-'))
const [table, mapping, model] = ['leads.csv', 'mapping.json', 'model.json'].map(name => join(folder, name)) as [
  string,
  string,
  string,
]
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { PATH: process.env['PATH'] ?? '', LEADLIGHT_DATABASE_URL: `file:${folder}/test.db` }
const leadlight = (...given: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise(done =>
    execFile(process.execPath, [LEADLIGHT, ...given], { env, maxBuffer: 1e8 }, (error, out, err) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    ),
  )

/** An old CRM's export: whoever came to the webinar buys more often. */
const PEOPLE = 300
const MAPPING: Mapping = {
  person: { email: 'E-mail', company: 'Company' },
  traits: { industry: 'Industry' },
  created: 'Created',
  events: [
    { type: 'page_view', repeat: 'Visits' },
    { type: 'webinar_attend', at: 'Webinar' },
  ],
  outcome: { column: 'Stage', won: ['Won'], lost: ['Lost'], at: 'Closed' },
  dates: { order: 'DMY' },
}

beforeAll(() => {
  const chance = random(11)
  const rows = Array.from({ length: PEOPLE }, (_, i) => {
    const webinar = chance() < 0.4
    const won = chance() < (webinar ? 0.6 : 0.2)
    const day = String(1 + (i % 28)).padStart(2, '0')
    const industry = chance() < 0.5 ? 'Software' : 'Retail'
    return [
      `p${i}@example.com`,
      '"Berg, Strand"',
      industry,
      `${day}/01/2024`,
      1 + (i % 4),
      webinar ? `${day}/02/2024` : '',
      won ? 'Won' : 'Lost',
      `${day}/03/2024`,
    ].join(',')
  })
  writeFileSync(table, ['E-mail,Company,Industry,Created,Visits,Webinar,Stage,Closed', ...rows, 'x,y'].join('\n'))
  writeFileSync(mapping, JSON.stringify(MAPPING))
  writeFileSync(
    model,
    JSON.stringify({
      name: 'CRM',
      groups: [
        { id: 'web', kind: 'engagement' },
        { id: 'fit', kind: 'fit' },
      ],
      rules: [
        { id: 'visits', group: 'web', on: 'page_view', points: 1 },
        { id: 'webinar', group: 'web', on: 'webinar_attend', points: 5 },
        { id: 'software', group: 'fit', trait: { industry: 'Software' }, points: 10 },
      ],
      stages: { mql: { score: 'total', gte: 12 } },
    }),
  )
})

const asked = () => ['--table', table, '--mapping', mapping, '--model', model]

test('an old CRM export is learned from before a single visit is tracked, and nothing is kept', async () => {
  const { code, out, err } = await leadlight('backtest', ...asked(), '--per-week', '5')
  expect([code, err]).toEqual([0, expect.stringContaining('1 lines of')])
  expect(out).toMatch(
    /^Version 1 over \d+ won, \d+ lost, 0 open;.* AUC 0\.\d+[\s\S]*Best F1: \d+\.\nAt most 5 a week: \d+\./,
  )
})

test('points for its rules are suggested', async () => {
  const { out } = await leadlight('model', 'suggest', ...asked(), '--json')
  const { rules, validated, document } = JSON.parse(out) as {
    rules: { rule: string; points: number | null }[]
    validated: { auc: number; auc_before: number }
    document: { rules: object[] }
  }
  expect(rules.find(({ rule }) => rule === 'webinar')?.points).toBeGreaterThan(15)
  expect(validated.auc).toBeGreaterThan(validated.auc_before)
  expect(document.rules).toContainEqual(expect.objectContaining({ id: 'webinar' }))
  expect(await leadlight('model', 'suggest', ...asked(), '--draft')).toMatchObject({ code: 2 })
})

test('it is imported for good, once, however often', async () => {
  await leadlight('site', 'add', 'Shop', '--origin', 'https://shop.example')
  const take = async () =>
    JSON.parse((await leadlight('import', table, '--mapping', mapping, '--json')).out) as {
      stored: number
      duplicate: number
      rejected: number
    }
  const first = await take()
  expect(first).toMatchObject({ duplicate: 0, rejected: 1 })
  expect(await take()).toMatchObject({ stored: 0, duplicate: first.stored, rejected: 1 })
  const { people } = JSON.parse((await leadlight('backtest', '--json')).out) as {
    people: { won: number; lost: number }
  }
  expect(people).toMatchObject({ open: 0, open_as_lost: false })
  expect(people.won + people.lost).toBe(PEOPLE)
})

test('wrong use is told', async () => {
  expect((await leadlight('backtest', '--table', table)).err).toMatch(/--mapping FILE/)
  expect((await leadlight('import', '-', '--mapping', mapping)).err).toMatch(/--mapping needs a CSV file/)
})
