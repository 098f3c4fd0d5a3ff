import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fill } from '../../collector/demo/fill.ts'
import { addSite } from '../../collector/http/site.ts'
import { openStore } from '../../collector/store/open.ts'
import { leadFinder } from '../../collector/store/sqlite/lead-filters.ts'
import { DAY } from '../../shared/instant.ts'
import { LEAD_SORTS, type LeadQuery } from '../../shared/lead.ts'
import { STEPS } from '../../shared/milestone.ts'
import { STAGES } from '../../shared/stage.ts'

const NOW = Date.now()
const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
let connection: Database.Database
let site: number
let facets: { facet: string; value: string }[]

beforeAll(async () => {
  const file = join(folder, 'filled.db')
  const store = await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })
  site = (await addSite(store, { name: 'Skumring', origins: [], starter: 'shop' }, NOW)).id
  await fill(store, { site, now: NOW, visitors: 60 })
  while ((await store.fold(1_000)) > 0);
  await store.close()
  connection = new Database(file)
  facets = connection.prepare(`SELECT kind AS facet, value FROM facets WHERE kind <> ''`).all() as typeof facets
})
afterAll(() => {
  connection.close()
  rmSync(folder, { recursive: true })
})

const ago = fc.integer({ min: 0, max: 31 }).map(days => NOW - days * DAY)
const span = fc.record({ from: fc.option(ago), to: fc.constant(null) })
/** Seldom, so that somebody passes all filters. */
const maybe = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const queries = (): fc.Arbitrary<LeadQuery> =>
  fc.record({
    stages: maybe(fc.uniqueArray(fc.constantFrom(...STAGES), { minLength: 1 })),
    scoreGte: maybe(fc.integer({ min: -5, max: 60 })),
    scoreLt: maybe(fc.integer({ min: 0, max: 90 })),
    grade: maybe(fc.constantFrom('A1', 'A2', 'B1', 'C3', 'D4')),
    seenSince: maybe(ago),
    label: maybe(fc.constantFrom('hot', 'cooling')),
    candidate: maybe(fc.boolean()),
    overdueAt: maybe(fc.constant(NOW)),
    search: maybe(fc.constantFrom('a', 'an', 'berg', '.com', '%')),
    contacts: maybe(fc.array(fc.constantFrom(...facets), { minLength: 1, maxLength: 2 })),
    touch: fc.constantFrom('any', 'first'),
    came: maybe(span),
    reached: fc.option(fc.constantFrom(...STEPS), { nil: undefined }),
    reachedIn: maybe(span),
    sort: fc.constantFrom(...LEAD_SORTS),
    descending: fc.boolean(),
    limit: fc.constant(500),
  }) as fc.Arbitrary<LeadQuery>

test('lists are the same whichever way to them is taken, and as long as is counted', () => {
  const [asFew, asSome, asMany] = [
    { few: 10_000, some: 10_000 },
    { few: 0, some: 10_000 },
    { few: 0, some: 0 },
  ].map(sizes => leadFinder(connection, sizes))
  let found = 0
  fc.assert(
    fc.property(queries(), query => {
      const ids = asFew!.ids(site, query)
      expect(asSome!.ids(site, query)).toEqual(ids)
      expect(asMany!.ids(site, query)).toEqual(ids)
      for (const finder of [asFew!, asSome!, asMany!]) expect(finder.count(site, query)).toBe(ids.length)
      found += ids.length
    }),
    { numRuns: 300 },
  )
  expect(found).toBeGreaterThan(300)
})
