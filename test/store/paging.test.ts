import fc from 'fast-check'
import { expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import { shop } from '../../collector/scoring/starters/shop.ts'
import { openStore } from '../../collector/store/open.ts'
import type { ArrivedEvent, Arrival, Store } from '../../collector/store/store.ts'
import { HOUR } from '../../shared/instant.ts'
import { LEAD_SORTS, type Lead, type LeadQuery, type LeadSort } from '../../shared/lead.ts'

const NOON = 1_764_000_000_000

/** Somebody who comes: how long ago, what they do, and whether that counts. Equal values are wanted. */
const comer = fc.record({
  ago: fc.integer({ min: 0, max: 6 }),
  carts: fc.integer({ min: 0, max: 3 }),
  known: fc.boolean(),
  weak: fc.boolean(),
  page: fc.constantFrom('/', '/a'),
})
type Comer = typeof comer extends fc.Arbitrary<infer Value> ? Value : never

const script = fc.record({
  before: fc.array(comer, { minLength: 1, maxLength: 25 }),
  between: fc.array(fc.array(comer, { maxLength: 4 }), { minLength: 1, maxLength: 8 }),
  sort: fc.constantFrom(...LEAD_SORTS),
  descending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 6 }),
  filter: fc.constantFrom<Partial<LeadQuery>>(
    {},
    { stages: ['visitor', 'lead', 'mql'] },
    { contacts: [{ facet: 'page', value: '/' }] },
    { came: { from: NOON - 4 * HOUR, to: null } },
    { scoreGte: 10 },
  ),
})

const VALUE: Record<LeadSort, (lead: Lead) => number> = {
  score: lead => lead.score,
  last_seen: lead => lead.lastSeen ?? 0,
  first_seen: lead => lead.firstSeen ?? 0,
  stage_since: lead => lead.stageSince ?? 0,
}

let minted = 0
const uuid = () => `01900000-0000-7000-8000-${(minted++).toString(16).padStart(12, '0')}`

function arrival(site: number, { ago, carts, known, weak, page }: Comer): Arrival {
  const visitor = `v${minted}`
  const at = NOON - ago * HOUR
  const event = (type: string, more: object = {}): ArrivedEvent => ({
    id: uuid(),
    type,
    at,
    rawAt: at,
    properties: {},
    provenance: weak ? 'weak' : 'browser',
    mark: weak ? 'bot' : null,
    ...more,
  })
  const events = [
    event('page_view', { url: `https://shop.example${page}` }),
    ...Array.from({ length: carts }, () => event('add_to_cart')),
    ...(known ? [event('identify', { properties: { traits: { email: `${visitor}@example.com` } } })] : []),
  ]
  return { site, visitor, receivedAt: NOON, events, quarantined: [] }
}

/** Comes to the list, folded as whoever asks has it. */
async function come(store: Store, site: number, comers: readonly Comer[]): Promise<void> {
  await store.record(
    comers.map(each => arrival(site, each)),
    NOON,
    engine,
  )
  while ((await store.fold(100)) > 0);
}

test('with people coming between pages nobody is listed twice and nobody left out, in every order', async () => {
  let persons = 0
  const store = await openStore('file::memory:', {
    newId: () => `p${String((persons++ * 7919) % 100_003).padStart(6, '0')}`,
  })
  let sites = 0
  await fc.assert(
    fc.asyncProperty(script, async ({ before, between, sort, descending, limit, filter }) => {
      const { id: site } = await store.addSite(
        { name: 'Shop', writeKey: `wk${sites++}`, origins: [], createdAt: 0 },
        shop,
      )
      await come(store, site, before)
      const query: LeadQuery = { ...filter, sort, descending, limit }
      const { items: there } = await store.leads(site, { ...query, limit: 1_000 })
      const seen: Lead[] = []
      for (let page = 0, after: LeadQuery['after']; ; page++) {
        const { items, more } = await store.leads(site, after ? { ...query, after } : query)
        expect(items.length).toBeLessThanOrEqual(limit)
        seen.push(...items)
        const last = items.at(-1)
        if (!more || !last) break
        after = { value: VALUE[sort](last), id: last.id }
        await come(store, site, between[page] ?? [])
      }
      const ids = seen.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids).toEqual(expect.arrayContaining(there.map(({ id }) => id)))
      const values = seen.map(VALUE[sort])
      expect(values).toEqual(values.toSorted((a, b) => (descending ? b - a : a - b)))
      const { items: all } = await store.leads(site, { ...query, limit: 1_000 })
      expect(await store.leadCount(site, query)).toBe(all.length)
    }),
    { numRuns: 150 },
  )
  await store.close()
})
