import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import type { ArrivedEvent, Store } from '../../collector/store/store.ts'
import type { LeadQuery } from '../../shared/lead.ts'
import type { Model } from '../../shared/model.ts'
import type { Properties } from '../../shared/json.ts'
import { DAY, MINUTE } from '../../shared/instant.ts'
import { uuidv7 } from '../../shared/uuid.ts'

const NOON = 1_764_000_000_000

const MODEL: Model = {
  name: 'Test',
  timezone: 'UTC',
  groups: [{ id: 'all', kind: 'engagement' }],
  rules: [
    { id: 'view', group: 'all', on: 'page_view', points: 10, halfLifeDays: 10 },
    { id: 'cart', group: 'all', on: 'add_to_cart', points: 20 },
  ],
  total: {},
  labels: [],
  stages: { lead: { known: 'email' }, mql: { all: [{ known: 'email' }, { score: 'total', gte: 50 }] } },
}

const EVERYONE: LeadQuery = { sort: 'score', descending: true, limit: 100 }

let minted = 0
const id = () =>
  uuidv7(
    NOON + minted,
    Uint8Array.from({ length: 10 }, (_, i) => (minted++ * 31 + i) & 255),
  )

function event(type: string, at = NOON, properties: Properties = {}): ArrivedEvent {
  return { id: id(), type, at, rawAt: at, properties, provenance: 'browser', mark: null }
}

const email = (address: string, at = NOON) => event('identify', at, { traits: { email: address } })

/** What every store promises, whatever keeps it. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store
    let site: number

    beforeEach(async () => {
      store = await open()
      const added = await store.addSite(
        { name: 'Shop', writeKey: 'wk_shop', origins: ['https://shop.example'], createdAt: NOON },
        MODEL,
      )
      site = added.id
    })
    afterEach(() => store.close())

    const arrive = async (visitor: string, ...events: ArrivedEvent[]) => {
      const [receipt] = await store.record([{ site, visitor, receivedAt: NOON, events, quarantined: [] }], NOON, engine)
      return receipt
    }
    const person = async (visitor: string) => {
      const lead = await store.leadByVisitor(site, visitor)
      if (!lead) throw new Error(`nobody uses ${visitor}`)
      return lead
    }

    describe('events', () => {
      test('come back as they were recorded, in the order they happened', async () => {
        const late: ArrivedEvent = {
          ...event('page_view', NOON, { path: '/å', items: [{ item_id: 'A1', price: 9.5 }], ok: true, none: null }),
          view: 'v1',
          seq: 3,
          url: 'https://shop.example/å',
          referrer: 'https://www.google.com/',
          title: '<b>Lamps</b>',
          touch: { at: NOON, source: 'google', medium: 'organic' },
          device: { type: 'mobile', browser: 'Safari', os: 'iOS' },
        }
        const early = event('add_to_cart', NOON - MINUTE)
        await arrive('ada', late, early)
        const kept = [early, late].map(({ rawAt, ...facts }) => ({ ...facts, at: rawAt, visitor: 'ada' }))
        const { id: ada } = await person('ada')
        expect(await store.history(site, ada)).toEqual(kept)
        expect(await store.timeline(site, ada, 1)).toEqual({ items: [kept[1]], more: true })
        expect(await store.timeline(site, ada, 5, { at: late.at, id: late.id })).toEqual({
          items: [kept[0]],
          more: false,
        })
      })

      test('sent twice count once', async () => {
        const view = event('page_view')
        expect(await arrive('ada', view, view)).toEqual({ stored: 1, duplicate: 1, quarantined: 0 })
        expect(await arrive('ada', view)).toEqual({ stored: 0, duplicate: 1, quarantined: 0 })
        expect((await person('ada')).score).toBe(10)
      })

      test('that are not well-formed are kept apart, once', async () => {
        const arrival = {
          site,
          visitor: 'ada',
          receivedAt: NOON,
          events: [],
          quarantined: [
            {
              raw: '{}',
              reason: 'id: must be a UUID',
              provenance: 'browser' as const,
              sending: { sentAt: NOON, mark: null },
            },
          ],
        }
        expect(await store.record([arrival, arrival], NOON, engine)).toEqual([
          { stored: 0, duplicate: 0, quarantined: 1 },
          { stored: 0, duplicate: 1, quarantined: 0 },
        ])
      })

      test('that are late change the score as if they had been on time', async () => {
        const [first, second, third] = [0, 5, 9].map(day => event('page_view', NOON - 10 * DAY + day * DAY)) as [
          ArrivedEvent,
          ArrivedEvent,
          ArrivedEvent,
        ]
        await arrive('in-order', first, second, third)
        const copies = [first, second, third].map(copy => ({ ...copy, id: id() })) as [
          ArrivedEvent,
          ArrivedEvent,
          ArrivedEvent,
        ]
        await arrive('late', copies[2])
        await arrive('late', copies[0])
        await arrive('late', copies[1])
        expect((await person('late')).score).toBeCloseTo((await person('in-order')).score, 9)
      })
    })

    describe('all or nothing', () => {
      test('if the judge throws, nothing of the transaction was kept', async () => {
        const poison = () => {
          throw new Error('poison')
        }
        const arrivals = ['ada', 'bob'].map(visitor => ({
          site,
          visitor,
          receivedAt: NOON,
          events: [event('page_view')],
          quarantined: [],
        }))
        await expect(store.record(arrivals, NOON, { ...engine, judge: poison })).rejects.toThrow('poison')
        expect((await store.leads(site, EVERYONE)).items).toEqual([])
        expect(await store.record(arrivals, NOON, engine)).toHaveLength(2)
        expect((await store.leads(site, EVERYONE)).items).toHaveLength(2)
      })
    })

    describe('persons', () => {
      test('an address joins what an anonymous browser did before', async () => {
        await arrive('phone', event('page_view'), email('ada@example.com'))
        await arrive('laptop', event('add_to_cart'))
        const anonymous = (await person('laptop')).id
        await arrive('laptop', email(' Ada@Example.com '))
        const [phone, laptop] = [await person('phone'), await person('laptop')]
        expect(laptop.id).toBe(phone.id)
        expect(laptop).toMatchObject({ score: 30, stage: 'lead' })
        expect((await store.lead(site, anonymous))?.id).toBe(phone.id)
        expect((await store.leads(site, EVERYONE)).items).toHaveLength(1)
      })

      test('in any order', async () => {
        await arrive('a', event('page_view'))
        await arrive('b', event('add_to_cart'), email('ada@example.com'))
        await arrive('c', event('add_to_cart'))
        await arrive('c', email('ada@example.com'))
        await arrive('a', email('ada@example.com'))
        expect(await person('a')).toMatchObject({ score: 50, stage: 'mql' })
        expect(new Set([(await person('a')).id, (await person('b')).id, (await person('c')).id]).size).toBe(1)
      })

      test('within one transaction', async () => {
        const arrivals = ['a', 'b'].map(visitor => ({
          site,
          visitor,
          receivedAt: NOON,
          events: [event('page_view'), email('ada@example.com')],
          quarantined: [],
        }))
        await store.record(arrivals, NOON, engine)
        expect((await person('a')).id).toBe((await person('b')).id)
        expect((await person('a')).score).toBe(20)
      })

      test('two known people who share a browser stay two', async () => {
        await arrive('shared', event('page_view'), email('ada@example.com'))
        const ada = await person('shared')
        await arrive('shared', email('bob@example.com', NOON + 1), event('add_to_cart', NOON + 2))
        const bob = await person('shared')
        expect(bob.id).not.toBe(ada.id)
        expect(bob).toMatchObject({ score: 20 })
        expect(await store.lead(site, ada.id)).toMatchObject({ score: 10 })
        await arrive('shared', email('ada@example.com', NOON + 3), event('add_to_cart', NOON + 4))
        expect(await person('shared')).toMatchObject({ id: ada.id, score: expect.closeTo(30, 6) as number })
      })

      test('a user id and an address given together are one person', async () => {
        await arrive('web', email('ada@example.com'), event('page_view'))
        await arrive('app', event('add_to_cart'))
        await arrive('app', event('identify', NOON, { user_id: 42, traits: { email: 'ada@example.com' } }))
        await arrive('till', event('identify', NOON, { user_id: '42' }), event('add_to_cart'))
        expect((await person('app')).id).toBe((await person('web')).id)
        expect((await person('till')).id).toBe((await person('web')).id)
        expect(await person('till')).toMatchObject({ score: 50, stage: 'mql' })
      })

      test('a weak claim joins nobody', async () => {
        await arrive('ada', email('ada@example.com'))
        await arrive('bot', { ...email('ada@example.com'), provenance: 'weak', mark: 'bot' })
        expect((await person('bot')).id).not.toBe((await person('ada')).id)
      })
    })

    describe('transitions', () => {
      test('are rows, with cause and score', async () => {
        const known = email('ada@example.com', NOON - 1)
        await arrive('ada', known)
        const carts = [event('add_to_cart'), event('add_to_cart'), event('add_to_cart')]
        await arrive('ada', ...carts)
        const { id: ada } = await person('ada')
        expect(await store.transitions(site, ada)).toMatchObject([
          {
            from: 'visitor',
            to: 'lead',
            effectiveAt: NOON - 1,
            at: NOON,
            cause: 'event',
            event: known.id,
            model: 1,
            score: 0,
          },
          { from: 'lead', to: 'mql', effectiveAt: NOON, cause: 'event', score: 60, actor: 'engine' },
        ])
      })
    })

    describe('refresh', () => {
      test('brings faded scores up to date', async () => {
        await arrive('ada', event('page_view'))
        expect(await store.refresh(10, NOON, engine)).toBe(0)
        expect(await store.refresh(10, NOON + 10 * DAY, engine)).toBe(1)
        expect(await person('ada')).toMatchObject({ score: 5, scoredAt: NOON + 10 * DAY })
      })
    })

    describe('leads', () => {
      test('are listed page by page, each once, with inserts between', async () => {
        for (let n = 0; n < 7; n++)
          await arrive(`v${n}`, ...Array.from({ length: n % 4 }, () => event('add_to_cart')), event('page_view'))
        const seen: string[] = []
        let query: LeadQuery = { ...EVERYONE, limit: 2 }
        for (;;) {
          const { items, more } = await store.leads(site, query)
          seen.push(...items.map(lead => lead.id))
          const last = items.at(-1)
          if (!more || !last) break
          query = { ...query, after: { value: last.score, id: last.id } }
          await arrive(
            `new-${seen.length}`,
            event('page_view'),
            event('add_to_cart'),
            event('add_to_cart'),
            event('add_to_cart'),
            event('add_to_cart'),
          )
        }
        expect(seen).toHaveLength(7)
        expect(new Set(seen).size).toBe(7)
      })

      test('are found by stage, score, touch, company and words', async () => {
        await arrive(
          'ada',
          email('ada@acme.example'),
          event('identify', NOON + 1, { traits: { name: 'Ada Lovelace', company: 'Acme' } }),
        )
        await arrive('bob', {
          ...event('page_view'),
          touch: { at: NOON, source: 'google', medium: 'cpc', campaign: 'may' },
        })
        const found = async (query: Partial<LeadQuery>) =>
          (await store.leads(site, { ...EVERYONE, ...query })).items.map(lead => lead.stage)
        await store.fold(100)
        expect(await found({})).toEqual(['visitor', 'lead'])
        expect(await found({ stages: ['lead', 'mql'] })).toEqual(['lead'])
        expect(await found({ scoreGte: 10 })).toEqual(['visitor'])
        expect(await found({ contacts: [{ facet: 'source', value: 'google' }] })).toEqual(['visitor'])
        expect(await found({ contacts: [{ facet: 'campaign', value: 'june' }] })).toEqual([])
        expect(await found({ company: 'ACME' })).toEqual(['lead'])
        expect(await found({ search: 'lovelace' })).toEqual(['lead'])
        expect(await found({ search: '%' })).toEqual([])
        expect(await found({ seenSince: NOON + 1 })).toEqual(['lead'])
        expect(await found({ sort: 'last_seen', descending: false })).toEqual(['visitor', 'lead'])
      })

      test('of another site are not seen', async () => {
        const other = await store.addSite({ name: 'Other', writeKey: 'wk_other', origins: [], createdAt: NOON }, MODEL)
        await arrive('ada', event('page_view'))
        const { id: ada } = await person('ada')
        expect(await store.lead(other.id, ada)).toBeNull()
        expect(await store.history(other.id, ada)).toEqual([])
        expect((await store.leads(other.id, EVERYONE)).items).toEqual([])
      })
    })

    test('sites and keys are found by what proves them', async () => {
      expect(await store.siteByWriteKey('wk_shop')).toMatchObject({ id: site, origins: ['https://shop.example'] })
      expect(await store.siteByWriteKey('wk_none')).toBeNull()
      const hash = Buffer.alloc(32, 7)
      const made = { name: null, createdBy: null, expiresAt: null, createdAt: NOON }
      await store.addKey({ id: 'key_1', site, scope: 'read', hash, ...made })
      expect(await store.keyByHash(hash)).toEqual({
        id: 'key_1',
        site,
        scope: 'read',
        ...made,
        revokedAt: null,
        lastUsedAt: null,
      })
      expect(await store.keyByHash(Buffer.alloc(32))).toBeNull()
    })
  })
}
