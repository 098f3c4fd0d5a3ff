import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { uuidv7 } from '../../shared/uuid.ts'
import type { Plant } from './plant.ts'
import { leadlight } from './process.ts'

/** A million with LEADLIGHT_TEST_IMPORT_LINES=1000000, which takes some minutes. */
const LINES = Number(process.env['LEADLIGHT_TEST_IMPORT_LINES'] ?? 30_000)

const folder = mkdtempSync(join(tmpdir(), 'leadlight-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const source = join(folder, 'history.ndjson')
const NEVER = 'at: must be an instant: milliseconds since 1970, or RFC 3339'
const NOT_JSON = 'line: is not JSON'

/** What a line of the source says; of 500 lines one has no time, and one is no JSON. */
function line(number: number): string {
  if (number % 500 === 7) return '{"kind":"event",'
  const at = 1_750_000_000_000 + number * 20
  const visitor = `visitor-${(number * 7919) % Math.ceil(LINES / 20)}`
  const id = uuidv7(at, Buffer.alloc(10, createHash('sha256').update(String(number)).digest()))
  const type = ['page_view', 'page_view', 'add_to_cart', 'user_engagement'][number % 4]
  const properties = number % 4 === 2 ? { item_id: `A${number % 90}` } : number % 4 === 3 ? { engaged_ms: 9_000 } : {}
  const known = number % 40 === 0 ? { email: `${visitor}@example.com` } : {}
  return JSON.stringify({
    kind: 'event',
    id,
    type,
    at: number % 500 === 3 ? 'soon' : at,
    visitor,
    ...known,
    properties,
  })
}

beforeAll(async () => {
  const out = createWriteStream(source)
  for (let from = 0; from < LINES; from += 10_000) {
    const part = Array.from({ length: Math.min(10_000, LINES - from) }, (_, index) => line(from + index))
    if (!out.write(`${part.join('\n')}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
})

/** A new database with one site. */
async function database(name: string): Promise<string> {
  const file = join(folder, `${name}.db`)
  expect(await leadlight(['site', 'add', 'Shop', '--origin', 'https://shop.example'], file).end).toBe(0)
  return file
}

const rejectsOf = (file: string) => `${file}.rejects.ndjson`

const command = (file: string, ...more: string[]) => ['import', source, '--json', '--rejects', rejectsOf(file), ...more]

/** Everything that an import leaves, but for when it was, and the ids of new persons. */
function left(file: string) {
  const open = new Database(file, { readonly: true })
  const rows = (sql: string) => open.prepare(sql).raw().iterate() as IterableIterator<unknown[]>
  const one = (sql: string) => open.prepare(sql).pluck().get()
  const now = new Map(rows('SELECT former_id, person_id FROM former_ids') as Iterable<[string, string]>)
  const names = new Map<unknown, string>()
  for (const [visitor, own] of rows('SELECT visitor, person_id FROM visitors ORDER BY visitor DESC') as Iterable<
    [string, string]
  >)
    names.set(now.get(own) ?? own, visitor)
  const inOrder = (found: Iterable<unknown[]>) => {
    const texts = Array.from(found, ([person, ...facts]) => JSON.stringify([names.get(person), ...facts])).toSorted()
    return texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex')
  }
  const log = createHash('sha256')
  const events = `SELECT hex(e.id), v.visitor, e.at, e.type, e.properties FROM events e JOIN visitors v ON v.id = e.visitor_id
    ORDER BY e.site_id, e.id`
  for (const row of rows(events)) log.update(JSON.stringify(row))
  const found = {
    events: one('SELECT count(*) FROM events'),
    log: log.digest('hex'),
    persons: inOrder(rows('SELECT id, stage, email, visits, first_seen, last_seen, traits FROM persons')),
    steps: inOrder(
      rows(`SELECT person_id, "from", "to", effective_at, score, cause, actor, quiet, hex(event) FROM transitions`),
    ),
    waiting: one('SELECT count(*) FROM persons WHERE due_at = 0'),
    unfinished: one('SELECT count(*) FROM imports'),
    intact: open.pragma('integrity_check', { simple: true }),
  }
  open.close()
  return found
}

interface Summary {
  lines: number
  stored: number
  duplicate: number
  rejected: number
  reasons: Record<string, number>
}

async function run(file: string, ...more: string[]): Promise<{ summary: Summary; said: string }> {
  const { end, said } = leadlight(command(file, ...more), file)
  expect(await end, said.err).toBe(0)
  return { summary: JSON.parse(said.out) as Summary, said: said.err }
}

/** How many lines an import has taken. */
function taken(file: string): number {
  const open = new Database(file, { readonly: true })
  const lines = open.prepare(`SELECT progress ->> 'lines' FROM imports`).pluck().get()
  open.close()
  return Number(lines ?? 0)
}

/** Kills an import when it has come to each of some shares of its lines, and takes it up again each time. */
async function killed(name: string, shares: number[], plants: Plant[] = []) {
  const file = await database(name)
  let cut = 0
  for (const share of shares) {
    const { child, end } = leadlight(command(file, '--resume'), file, { plants })
    while (child.exitCode === null && taken(file) < share * LINES) await new Promise(resolve => setTimeout(resolve, 5))
    await new Promise(resolve => setTimeout(resolve, Math.random() * 50))
    child.kill('SIGKILL')
    if ((await end) === 'SIGKILL') cut++
    if (cut === 2 && existsSync(rejectsOf(file))) writeFileSync(rejectsOf(file), 'and half a li', { flag: 'a' })
  }
  return { file, cut, ...(await run(file, '--resume')) }
}

test(
  `an import of ${LINES} lines, killed and taken up again, leaves what an uninterrupted one does`,
  { timeout: 1_800_000 },
  async () => {
    const whole = await database('whole')
    const began = performance.now()
    const { summary, said } = await run(whole)
    process.stdout.write(`${LINES} lines in ${Math.round(performance.now() - began)} ms\n`)
    const each = Math.ceil(LINES / 500)
    expect(summary).toEqual({
      lines: LINES,
      stored: LINES - 2 * each,
      duplicate: 0,
      rejected: 2 * each,
      reasons: { [NEVER]: each, [NOT_JSON]: each },
    })
    expect(JSON.parse(said.split('\n').find(text => text.includes('"import"')) ?? '')).toMatchObject({ verb: 'import' })
    const rejects = readFileSync(rejectsOf(whole), 'utf8')
    expect(rejects.split('\n').slice(0, 2)).toEqual([
      JSON.stringify({ line: 4, reason: NEVER }),
      JSON.stringify({ line: 8, reason: NOT_JSON }),
    ])

    const again = await killed('killed', [Math.random() / 2, 0.5 + Math.random() / 2, 1])
    expect(again.cut).toBeGreaterThan(1)
    expect(again.summary).toEqual(summary)
    expect(left(again.file)).toEqual(left(whole))
    expect(left(whole)).toMatchObject({ waiting: 0, unfinished: 0, intact: 'ok', events: summary.stored })
    expect(readFileSync(rejectsOf(again.file), 'utf8')).toBe(rejects)
  },
)

const CARELESS: Plant = {
  module: 'collector/store/sqlite/imports',
  find: 'void remember.run(site, source, JSON.stringify(progress))',
  replace: 'void remember.run(site, source, JSON.stringify({ ...progress, bytes: progress.bytes + 300_000 }))',
}

test('planted: a place that is further than what was taken loses lines, and this test finds it', async () => {
  const { file, summary } = await killed('careless', [Math.random() * 0.8], [CARELESS])
  expect(left(file).events).toBeLessThan(LINES - 2 * Math.ceil(LINES / 500))
  expect(summary.stored).toBeLessThan(LINES - 2 * Math.ceil(LINES / 500))
})
