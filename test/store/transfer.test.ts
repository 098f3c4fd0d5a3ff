import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { afterAll, describe, expect, test } from 'vitest'
import { decodeLines, NO_PROGRESS } from '../../collector/ingest/import.ts'
import { COLUMNS, fromCells, toCell } from '../../collector/ingest/line-csv.ts'
import { lineView } from '../../collector/ingest/own-line.ts'
import { verify } from '../../collector/reports/verify.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Store } from '../../collector/store/store.ts'
import { DAY, HOUR } from '../../shared/instant.ts'
import { crowd, email, event, MODEL, newId, NOON } from './crowd.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-transfer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let stores = 0

/** An empty site in a file of its own. */
async function empty(): Promise<{ store: Store; site: number }> {
  const store = await openStore(`file:${folder}/${stores++}.db`, { newId })
  const site = await store.addSite({ name: 'Copy', writeKey: `wk_${stores}`, origins: [], createdAt: NOON }, MODEL)
  return { store, site: site.id }
}

async function exported(store: Store, site: number): Promise<string[]> {
  const lines: string[] = []
  for await (const part of store.lines(site)) lines.push(...part.map(line => JSON.stringify(lineView(line))))
  return lines
}

/** Takes lines as the command does, and judges whoever they are about. */
async function imported(store: Store, site: number, lines: unknown[], now: number) {
  const source = lines.map((given, index) => ({
    number: index + 1,
    end: { lines: index + 1, bytes: 0 },
    text: JSON.stringify(given),
    given,
  }))
  const { lines: decoded, outcome } = decodeLines(source, now)
  const taken = await store.take(site, decoded, now, engine)
  while ((await store.postponed()) > 0) await store.refresh(100, now, engine)
  return outcome(taken, NO_PROGRESS)
}

const asJson = (lines: string[]): unknown[] => lines.map(line => JSON.parse(line) as unknown)

/** Everything that can be different between persons. */
async function varied() {
  const c = await crowd(MODEL, openStore(`file:${folder}/${stores++}.db`, { newId }))
  const { store, site } = c
  const id = async (visitor: string) => (await c.person(visitor)).id
  await c.arrive('ada', event('page_view'), event('add_to_cart'), email('ada@example.com'))
  await c.arrive('phone', event('page_view'), event('add_to_cart', NOON + 5), email('ada@example.com', NOON + 9))
  await c.arrive('bob', ...Array.from({ length: 3 }, (_, i) => event('add_to_cart', NOON + i)))
  await c.arrive('tablet', event('page_view'))
  await c.arrive('laptop', event('page_view'), email('carl@example.com'))
  await c.arrive('laptop', event('page_view', NOON + 20), email('dora@example.com', NOON + 21)) // another hand
  await c.arrive('shop', event('add_to_cart'))
  c.wait(HOUR)
  await c.merge(await id('bob'), await id('tablet'))
  await c.merge(await id('bob'), await id('shop'))
  await c.unmerge(await id('bob'), 'shop')
  await store.move(site, await id('bob'), { to: 'sql', actor: 'key_1' }, c.now(), engine)
  await store.move(
    site,
    await id('bob'),
    { to: 'recycled', reason: 'timing', note: '"=1"', actor: 'key_1' },
    c.now(),
    engine,
  )
  const manual = { score: 7, author: 'key_1', reason: 'knows them', at: c.now(), until: null }
  await store.override(site, await id('ada'), manual)
  await store.stopProfiling(site, await id('laptop'), { reason: 'objection', actor: 'key_1' }, c.now(), engine)
  const person = await id('ada')
  const won = {
    id: 'deal-1',
    person,
    result: 'won',
    at: c.now(),
    value: 99.5,
    currency: 'EUR',
    source: 'crm',
    actor: 'key_1',
  } as const
  await store.addOutcomes(site, [won], c.now())
  const draft = await store.draft(site, { ...MODEL, name: 'Second' }, 'key_1', c.now())
  await store.publish(site, draft, 'key_1', c.now())
  c.wait(DAY)
  while ((await store.refresh(100, c.now(), engine)) > 0) c.wait(1)
  return c
}

const everybody = { sort: 'score', descending: true, limit: 500 } as const

describe('an export into an empty site', () => {
  test.each([
    ['as NDJSON', (lines: string[]) => asJson(lines)],
    [
      'as CSV',
      (lines: string[]) => {
        const rows = asJson(lines).map(line => COLUMNS.map(name => toCell((line as Record<string, unknown>)[name])))
        const csv = stringify([[...COLUMNS], ...rows])
        return parse(csv, { from: 2 }).map(row => fromCells(COLUMNS, row))
      },
    ],
  ])('%s is the same site: persons, scores, history, decisions, and the next export', async (_, travel) => {
    const c = await varied()
    const before = await exported(c.store, c.site)
    expect(new Set(asJson(before).map(line => (line as { kind: string }).kind)).size).toBe(5)
    const copy = await empty()
    const { progress, rejects } = await imported(copy.store, copy.site, travel(before), c.now())
    expect(rejects).toEqual([])
    expect(progress).toMatchObject({ stored: before.length, duplicate: 0 })

    const [theirs, ours] = [await c.store.leads(c.site, everybody), await copy.store.leads(copy.site, everybody)]
    expect(ours).toEqual(theirs)
    for (const { id } of theirs.items) {
      expect(await copy.store.history(copy.site, id)).toEqual(await c.store.history(c.site, id))
      expect(await copy.store.transitions(copy.site, id)).toEqual(await c.store.transitions(c.site, id))
    }
    expect(await copy.store.models(copy.site)).toEqual(await c.store.models(c.site))
    expect(await exported(copy.store, copy.site)).toEqual(before)
    expect((await verify(copy.store, copy.site)).mismatches).toEqual([])
  })

  test('a second time changes nothing', async () => {
    const c = await varied()
    const before = await exported(c.store, c.site)
    const copy = await empty()
    await imported(copy.store, copy.site, asJson(before), c.now())
    const { progress } = await imported(copy.store, copy.site, asJson(before), c.now())
    expect(progress).toMatchObject({ stored: 0, duplicate: before.length, rejected: 0 })
    expect(await exported(copy.store, copy.site)).toEqual(before)
  })

  test('former ids still resolve, and what was merged can be parted', async () => {
    const c = await varied()
    const copy = await empty()
    const { id } = await c.person('bob')
    await imported(copy.store, copy.site, asJson(await exported(c.store, c.site)), c.now())
    for (const { store, site } of [c, copy]) await store.unmerge(site, id, 'tablet', 'key_1', c.now(), engine)
    expect(await copy.store.leads(copy.site, everybody)).toEqual(await c.store.leads(c.site, everybody))
  })
})

describe('lines of another system', () => {
  const at = new Date(NOON - 400 * DAY).toISOString()

  test('any past time, provenance server, whom they name', async () => {
    const { store, site } = await empty()
    const { rejects } = await imported(
      store,
      site,
      [
        { kind: 'person', email: 'Ada@example.com', user_id: 'u1', traits: { company: 'Berg' }, at },
        { kind: 'event', type: 'webinar_attend', at, email: 'ada@example.com' },
        { kind: 'event', type: 'page_view', at, user_id: 'u1' },
        { kind: 'event', type: 'page_view', at, visitor: 'browser', user_id: 'u1' },
        { kind: 'outcome', email: 'ada@example.com', result: 'won', at, value: 5 },
        { kind: 'transition', user_id: 'u1', to: 'customer', at },
      ],
      NOON,
    )
    expect(rejects).toEqual([])
    const { items } = await store.leads(site, everybody)
    expect(items).toMatchObject([{ stage: 'customer', traits: { company: { value: 'Berg', provenance: 'server' } } }])
    const history = await store.history(site, items[0]!.id)
    expect(history.map(({ type }) => type).toSorted()).toEqual(['identify', 'page_view', 'page_view', 'webinar_attend'])
    expect(history.every(({ at: when, provenance }) => when === Date.parse(at) && provenance === 'server')).toBe(true)
    expect(await store.outcomes(site, items[0]!.id)).toMatchObject([{ result: 'won', value: 5, source: 'import' }])
    const steps = await store.transitions(site, items[0]!.id)
    expect(steps.map(({ to, actor }) => [to, actor]).at(-1)).toEqual(['customer', 'import'])
  })

  test('the steps that they come to are the import’s, and told to nobody', async () => {
    const { store, site } = await empty()
    const carts = Array.from({ length: 3 }, (_, i) => ({
      kind: 'event',
      type: 'add_to_cart',
      at: NOON - i,
      visitor: 'v',
    }))
    await imported(store, site, [...carts, { kind: 'person', visitor: 'v', email: 'ada@example.com', at: NOON }], NOON)
    const [lead] = (await store.leads(site, everybody)).items
    const steps = await store.transitions(site, lead!.id)
    expect(steps.length).toBeGreaterThan(0)
    expect(steps.every(({ actor, quiet }) => actor === 'import' && quiet)).toBe(true)
  })

  test.each([
    [7, 'line: must be an object'],
    [{ kind: 'evnt' }, 'kind: must be one of event, person, transition, outcome, model'],
    [
      { kind: 'event', type: 'x', at: 'soon', visitor: 'v' },
      'at: must be an instant: milliseconds since 1970, or RFC 3339',
    ],
    [{ kind: 'event', at, visitor: 'v' }, 'type: must be a text of 1 to 100 characters'],
    [{ kind: 'event', type: 'x', at }, 'visitor: is missing; or user_id, or email'],
    [{ kind: 'person', email: 'nobody' }, 'email: must be an e-mail address'],
    [
      { kind: 'outcome', result: 'won', at, email: 'a@example.com' },
      'email: nobody is known by it; lines about a person come before',
    ],
    [{ kind: 'outcome', result: 'maybe', at, email: 'a@example.com' }, 'result: must be one of won, lost'],
    [{ kind: 'transition', email: 'a@example.com', to: 'recycled' }, 'reason: must be one of'],
    [{ kind: 'model', version: 2, created_at: at, document: {} }, 'document'],
  ])('%j is rejected: %s', async (line, reason) => {
    const { store, site } = await empty()
    const { progress, rejects } = await imported(
      store,
      site,
      [{ kind: 'event', type: 'x', at, visitor: 'v' }, line],
      NOON,
    )
    expect(rejects).toEqual([{ line: 2, reason: expect.stringContaining(reason) as string }])
    expect(progress).toMatchObject({ lines: 2, stored: 1, rejected: 1 })
  })

  test('of two equal lines without an id the second is a duplicate', async () => {
    const { store, site } = await empty()
    const line = { kind: 'event', type: 'x', at, visitor: 'v' }
    const { progress } = await imported(store, site, [line, line, { ...line, type: 'y' }], NOON)
    expect(progress).toMatchObject({ stored: 2, duplicate: 1 })
  })
})
