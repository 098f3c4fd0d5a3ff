import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import { shop } from '../../collector/scoring/starters/shop.ts'
import { openStore } from '../../collector/store/open.ts'
import { connect } from '../../collector/store/sqlite/open.ts'
import type { ArrivedEvent, Store } from '../../collector/store/store.ts'
import { DAY, MINUTE } from '../../shared/instant.ts'
import { STEPS } from '../../shared/milestone.ts'
import { MOVES } from '../../shared/stage.ts'
import { uuidv7 } from '../../shared/uuid.ts'

const NOON = 1_764_000_000_000
const folder = mkdtempSync(join(tmpdir(), 'leadlight-fold-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let minted = 0
const newId = () =>
  uuidv7(
    NOON,
    Uint8Array.from({ length: 10 }, (_, i) => ((minted++ >> (i % 3)) * 31 + i) & 255),
  )

const VISITORS = ['a', 'b', 'c', 'd'] as const
const visitor = fc.constantFrom(...VISITORS)

/** One thing that happens, at some minute of three days; `late` or not is for chance to say. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('event' as const),
      visitor,
      minute: fc.integer({ min: 0, max: 3 * 24 * 60 }),
      type: fc.constantFrom('page_view', 'page_view', 'file_download', 'add_to_cart', 'identify', 'add_to_wishlist'),
      value: fc.constantFrom('x', 'y', 'z'),
      campaign: fc.option(fc.constantFrom('may', 'june'), { nil: null }),
    }),
  },
  fc.record({ what: fc.constant('merge' as const), visitor, other: visitor }),
  fc.record({ what: fc.constant('unmerge' as const), visitor, other: visitor }),
  fc.record({ what: fc.constant('remark' as const), visitor, bot: fc.boolean() }),
  fc.record({ what: fc.constant('move' as const), visitor, pick: fc.nat(9) }),
  { weight: 2, arbitrary: fc.record({ what: fc.constant('fold' as const), limit: fc.integer({ min: 1, max: 3 }) }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

function toEvent({ type, minute, value, campaign, visitor: name }: Happening & { what: 'event' }): ArrivedEvent {
  const at = NOON - 3 * DAY + minute * MINUTE
  const event: ArrivedEvent = {
    id: newId(),
    type,
    at,
    rawAt: at,
    url: `https://shop.example/${value}`,
    properties:
      type === 'identify' ? { traits: { email: `${name}${value}@example.com` } } : { item_id: value, file_name: value },
    provenance: 'browser',
    mark: null,
  }
  if (campaign !== null && type === 'page_view') event.touch = { at, source: 'news', medium: 'email', campaign }
  return event
}

async function happen(store: Store, site: number, step: Happening): Promise<void> {
  if (step.what === 'fold') return void (await store.fold(step.limit))
  if (step.what === 'event') {
    const arrival = { site, visitor: step.visitor, receivedAt: NOON, events: [toEvent(step)], quarantined: [] }
    return void (await store.record([arrival], NOON, engine))
  }
  const lead = await store.leadByVisitor(site, step.visitor)
  if (!lead) return
  if (step.what === 'remark')
    return void (await store.remark(site, step.visitor, step.bot ? 'bot' : null, NOON, engine))
  if (step.what === 'move') {
    const to = MOVES[lead.stage][step.pick % MOVES[lead.stage].length]
    return to && store.move(site, lead.id, { to, actor: 'key', reason: 'timing' }, NOON, engine)
  }
  const other = await store.leadByVisitor(site, step.other)
  if (step.what === 'merge' && other) return void (await store.merge(site, lead.id, other.id, 'key', NOON, engine))
  await store.unmerge(site, lead.id, step.other, 'key', NOON, engine).catch(() => {})
}

/** Everything that reports count, by what it means and not by ids. */
function counted(path: string): unknown {
  const connection = connect(path)
  const all = (sql: string) => connection.prepare(sql).all()
  const found = {
    journeys: all(`SELECT person_id, first_at, ${STEPS.join(', ')} FROM journeys ORDER BY person_id`),
    contacts: all(
      `SELECT j.person_id, f.kind, f.value, c.at, c.first, c.mql_after FROM contacts c
       JOIN journeys j ON j.id = c.journey_id JOIN facets f ON f.id = c.facet_id ORDER BY 1, 2, 3`,
    ),
    tallies: all(
      `SELECT f.kind, f.value, t.since, t.first, people, ${STEPS.join(', ')} FROM tallies t
       JOIN facets f ON f.id = t.facet_id WHERE people <> 0 OR subscriber <> 0 ORDER BY 1, 2, 3, 4`,
    ),
  }
  connection.close()
  return found
}

function startOver(path: string): void {
  const connection = connect(path)
  for (const table of ['journeys', 'contacts', 'tallies', 'facets', 'unfolded']) connection.exec(`DELETE FROM ${table}`)
  connection.exec('INSERT INTO unfolded SELECT site_id, id, 0 FROM persons')
  connection.close()
}

const foldAll = async (store: Store) => {
  while ((await store.fold(10)) > 0);
}

test('reports count what the log says, whatever happened, in whatever order, and whenever it was folded', async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 60 }), async steps => {
      const path = join(folder, `${runs++}.db`)
      const store = await openStore(`file:${path}`, { newId })
      const { id: site } = await store.addSite({ name: 'Shop', writeKey: 'wk', origins: [], createdAt: NOON }, shop)
      for (const step of steps) await happen(store, site, step)
      await foldAll(store)
      const before = counted(path)
      startOver(path)
      await foldAll(store)
      expect(before).toEqual(counted(path))
      await store.close()
    }),
    { numRuns: Number(process.env['LEADLIGHT_TEST_RUNS'] ?? 25), endOnFailure: true },
  )
})

test('what is marked survives a restart, and an upgrade marks everybody', async () => {
  const path = join(folder, 'restart.db')
  const first = await openStore(`file:${path}`, { newId })
  const { id: site } = await first.addSite({ name: 'Shop', writeKey: 'wk', origins: [], createdAt: NOON }, shop)
  const view = { what: 'event', visitor: 'a', minute: 5, type: 'page_view', value: 'x', campaign: 'may' } as const
  await happen(first, site, view)
  await first.close()
  const second = await openStore(`file:${path}`, { newId })
  expect(await second.fold(10)).toBe(1)
  expect(await second.fold(10)).toBe(0)
  await second.close()
})
