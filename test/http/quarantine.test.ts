import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { reprocess, type ReprocessParts } from '../../collector/ingest/reprocess.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { openStore } from '../../collector/store/open.ts'
import { ADMIN_KEY, PERSON, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { leadlight } from '../faults/process.ts'
import { MODEL } from '../store/crowd.ts'
import { tell } from './tell.ts'

interface Item {
  id: number
  raw: string
  reason: string
  [name: string]: unknown
}
interface List {
  data: Item[]
  paging: { next?: { after: string } }
}

let collector: TestCollector
let secret: string
beforeAll(async () => {
  collector = await testCollector({ '--visitor-rate': '0', '--address-rate': '0' })
  await tell(collector, '/v1/sites', { name: 'Other', origins: [] })
  secret = String((await tell(collector, '/v1/keys', { scope: 'ingest', site: 1 })).body['key'])
})
beforeEach(() => inDatabase(database => database.exec('DELETE FROM quarantine')))
afterAll(() => collector.close())

const list = (query = '&site=1') => collector.ask<List>(`/v1/quarantine?limit=500${query}`)

const segment = (call: string, body: object) =>
  fetch(`${collector.url}/v1/${call}`, { method: 'POST', body: JSON.stringify(body) })

function inDatabase<Result>(use: (database: Database.Database) => Result): Result {
  const database = new Database(collector.databaseUrl.replace('file:', ''))
  try {
    return use(database)
  } finally {
    database.close()
  }
}

/** A later version understands what this one did not: as if that had been sent. */
const understand = (was: string, is: string) =>
  inDatabase(database => database.prepare('UPDATE quarantine SET raw = replace(raw, ?, ?)').run(was, is).changes)

const count = (table: string) =>
  inDatabase(database => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number)

/** As the command does it, in a process of its own. */
async function command() {
  const { end, said } = leadlight(
    ['quarantine', 'reprocess', '--site', '1', '--json'],
    collector.databaseUrl.replace('file:', ''),
  )
  expect([await end, said.err]).toEqual([0, expect.stringContaining('"verb":"quarantine reprocess"')])
  return JSON.parse(said.out) as Record<string, number> & { reasons: object[] }
}

/** The same in this one. */
async function again() {
  const store = await openStore(collector.databaseUrl, { newId: () => crypto.randomUUID() })
  const sum = await reprocess(
    { store, write: (site, items) => store.reprocess(site, items, collector.now(), engine) },
    1,
  )
  const reasons = await store.quarantineReasons(1)
  await store.close()
  return { ...sum, reasons }
}

/** Everything that is kept of an event, but its own id and whose it is. */
const keptOf = (id: string) =>
  inDatabase(database => {
    const row = database
      .prepare(
        `SELECT e.*, v.visitor, i.value AS user FROM events e JOIN visitors v ON v.id = e.visitor_id
         LEFT JOIN identifiers i ON i.site_id = e.site_id AND i.person_id = v.person_id AND i.kind = 'user_id'
         WHERE e.id = ?`,
      )
      .get(Buffer.from(id.replaceAll('-', ''), 'hex')) as Record<string, unknown>
    const { id: _, visitor_id: __, ...kept } = row
    return kept
  })

describe('GET /v1/quarantine', () => {
  test('what could not be an event, as it came and how, and why', async () => {
    const raw = '{"id": "1", "type":"page_view", "n": 1e999, "text": "<script>\\ud800</script>"}'
    const at = collector.now()
    const answer = await fetch(`${collector.url}/e`, {
      method: 'POST',
      headers: { Origin: 'https://elsewhere.example', 'User-Agent': PERSON },
      body: `{"v":1,"key":"${collector.site.writeKey}","visitor":"eve","sent_at":${at - 5_000},"events":[${raw}]}`,
    })
    expect(await answer.json()).toMatchObject({ accepted: 1, quarantined: 1 })
    expect((await list()).data).toEqual([
      {
        id: expect.any(Number) as number,
        received_at: expect.stringMatching(/Z$/) as string,
        sent_at: new Date(at - 5_000).toISOString(),
        site: 1,
        key: null,
        visitor: 'eve',
        provenance: 'weak',
        mark: 'foreign_origin',
        call: null,
        reason: 'id: must be a UUID',
        raw,
      },
    ])
  })

  test('pages, the newest first, that stay right while more comes in', async () => {
    const bad = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => ({ n: from + n, text: 'paged' }))
    await collector.send({ visitor: 'pager', events: bad(0, 30) })
    const seen: number[] = []
    for (let after = ''; seen.length < 30;) {
      const { data, paging } = await collector.ask<List>(`/v1/quarantine?site=1&limit=7${after}`)
      for (const { raw } of data) if (raw.includes('paged')) seen.push((JSON.parse(raw) as { n: number }).n)
      after = `&after=${paging.next?.after}`
      await collector.send({ visitor: 'pager', events: bad(100 + seen.length, 102 + seen.length) })
    }
    expect(seen.filter(n => n < 100)).toEqual(Array.from({ length: 30 }, (_, n) => 29 - n))
  })

  test('of one site alone, and to nobody without a key', async () => {
    await collector.send({ events: [{ n: 1 }] })
    expect((await list('&site=2')).data).toEqual([])
    expect((await list()).data).toHaveLength(1)
    expect((await fetch(`${collector.url}/v1/quarantine?site=1`)).status).toBe(401)
    const headers = { Authorization: `Bearer ${ADMIN_KEY}` }
    const wrong = await fetch(`${collector.url}/v1/quarantine?site=1&after=WzEsIngiXQ`, { headers })
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { errors: [{ pointer: '/after' }] }])
  })

  test('a secret key or an address that stands in a call is not kept', async () => {
    const call = { writeKey: secret, type: 'trak', userId: 'u', context: { ip: '203.0.113.77' } }
    const answer = await segment('batch', { batch: [call], context: { ip: '203.0.113.78', locale: 'nb' } })
    expect(answer.status).toBe(200)
    const { data } = await list()
    expect(data).toMatchObject([{ call: 'batch', key: expect.any(String) as string, provenance: 'server' }])
    expect(data[0]?.raw).toBe('{"writeKey":"(redacted)","type":"trak","userId":"u","context":{"ip":"(redacted)"}}')
    const rows = inDatabase(database => JSON.stringify(database.prepare('SELECT * FROM quarantine').all()))
    expect(rows).not.toContain('203.0.113')
    expect(rows).not.toContain(secret)
  })
})

describe('leadlight quarantine reprocess', () => {
  const good = { read: 1, stored: 1, duplicate: 0, quarantined: 0, erased: 0, reasons: [] }

  test('records an event exactly as if it had been understood at first', async () => {
    const [first, later] = [wireEvent('file_download'), wireEvent('file_download')]
    const now = collector.now()
    const facts = {
      at: now - 90_000,
      url: 'https://shop.example/?utm_source=news&email=ada@example.com',
      properties: { link_url: 'https://shop.example/lamp.pdf' },
    }
    const events = [
      { ...first, ...facts },
      { ...later, ...facts, id: 'later' },
    ]
    await collector.send({ visitor: 'twice', sent_at: now - 20_000, events })
    expect(understand('"later"', JSON.stringify(later.id))).toBe(1)
    expect(await again()).toEqual(good)
    const kept = keptOf(later.id)
    expect(kept).toEqual(keptOf(first.id))
    expect(kept).toMatchObject({ visitor: 'twice', provenance: 'browser', raw_at: facts.at })
    expect(Number(kept['received_at']) - Number(kept['at'])).toBe(70_000)
  })

  test('and a call of Segment, with what its batch said for all, and the key that it was sent with', async () => {
    const ids = [crypto.randomUUID(), crypto.randomUUID()] as const
    const call = { userId: 'u-1', event: 'Product Added', timestamp: '2026-01-02T03:04:05Z' }
    const context = { userAgent: PERSON, page: { url: 'https://shop.example/lamp' }, campaign: { source: 'news' } }
    const batch = [
      { type: 'track', messageId: ids[0], ...call },
      { type: 'trak', messageId: ids[1], ...call },
    ]
    await segment('batch', { batch, context, writeKey: secret, sentAt: '2026-01-02T03:04:06Z' })
    expect(understand('"trak"', '"track"')).toBe(1)
    expect(await again()).toEqual(good)
    expect(keptOf(ids[1])).toEqual(keptOf(ids[0]))
    expect(keptOf(ids[1])).toMatchObject({
      type: 'add_to_cart',
      provenance: 'server',
      at: Date.parse('2026-01-02T03:04:05Z'),
      url: 'https://shop.example/lamp',
    })
  })

  test('the sums hold: accepted = stored + duplicate + quarantined, before and after', async () => {
    const before = count('events')
    const known = wireEvent('page_view')
    const bad = Array.from({ length: 450 }, (_, n) => ({ ...wireEvent('page_view'), id: `bad ${n}` }))
    const told = await collector.send({ visitor: 'sum', events: [known, ...bad] })
    const { accepted } = (await told.json()) as { accepted: number }
    expect(accepted).toBe(count('events') - before + count('quarantine'))
    inDatabase(database => {
      const all = database.prepare('SELECT id, raw FROM quarantine').all() as { id: number; raw: string }[]
      const write = database.prepare('UPDATE quarantine SET raw = ? WHERE id = ?')
      // A third is understood, a hundred have arrived well-formed meanwhile, the rest is what it was.
      for (const [n, { id, raw }] of all.entries()) {
        const uuid = n < 150 ? wireEvent('x').id : n < 250 ? known.id : null
        if (uuid !== null) write.run(raw.replace(/bad \d+/, uuid), id)
      }
    })
    const sum = await command()
    expect(sum).toMatchObject({ read: 450, stored: 150, duplicate: 100, quarantined: 200, erased: 0 })
    expect(sum.reasons).toEqual([{ reason: 'id: must be a UUID', count: 200 }])
    expect(accepted).toBe(count('events') - before + count('quarantine') + 100)
    expect(await again()).toMatchObject({ read: 200, stored: 0, duplicate: 0, quarantined: 200 })
    expect((await collector.send({ visitor: 'sum', events: bad })).status).toBe(202)
    expect(collector.faults).toEqual([])
  })

  test('what is none for another reason now has that one', async () => {
    await collector.send({ events: [{ ...wireEvent('x'), id: 'z', seq: -1 }] })
    understand('"z"', JSON.stringify(wireEvent('x').id))
    expect((await again()).reasons).toEqual([{ reason: 'seq: must be a whole number from 0', count: 1 }])
  })

  test('one that a bug hits stays, takes no other with it, and keeps what was known of it', async () => {
    const store = await openStore('file::memory:', { newId: () => crypto.randomUUID() })
    const { id: site } = await store.addSite({ name: 'S', writeKey: 'wk_1', origins: [], createdAt: 1 }, MODEL)
    const at = 1_700_000_000_000
    const quarantined = ['good', 'poison', 'fine'].map(type => ({
      raw: JSON.stringify({ id: crypto.randomUUID(), type, at }),
      reason: 'old',
      provenance: 'server' as const,
      sending: { sentAt: at, mark: null, user: `user of ${type}`, touch: { at, source: 'news', medium: 'email' } },
    }))
    await store.record([{ site, visitor: 'v', receivedAt: at, events: [], quarantined, key: 'k' }], at, engine)
    let healed = false
    const write: ReprocessParts['write'] = async (of, items) => {
      const isPoison = items.some(item => 'arrival' in item && item.arrival.events[0]?.type === 'poison')
      if (isPoison && !healed) throw new TypeError('bug')
      return store.reprocess(of, items, at, engine)
    }
    expect(await reprocess({ store, write }, site)).toMatchObject({ read: 3, stored: 2, quarantined: 1 })
    const { items } = await store.quarantined(site, { limit: 9 })
    expect(items).toMatchObject([{ reason: 'event: the collector fails on it (bug)', key: 'k' }])
    healed = true
    expect(await reprocess({ store, write }, site)).toMatchObject({ read: 1, stored: 1, quarantined: 0 })
    for (const type of ['good', 'poison', 'fine'])
      expect(await store.leadByIdentifier(site, { kind: 'user_id', value: `user of ${type}` })).not.toBeNull()
    await store.close()
  })
})

test('nothing that names somebody who was erased stays there, however it is spelled', async () => {
  const events = [wireEvent('identify', { properties: { traits: { email: 'gone@example.com' } } })]
  await collector.send({ visitor: 'gone', events: [...events, { from: 'their browser' }] })
  const spelled = '{"traits":{"email":"\\u0067one\\u0040example.com"}}'
  for (const text of [spelled, '{"to":"GONE@example.com"}', '{"to":"other@example.com"}']) {
    await fetch(`${collector.url}/e`, {
      method: 'POST',
      headers: { Origin: collector.url, 'User-Agent': PERSON },
      body: `{"v":1,"key":"${collector.site.writeKey}","visitor":"another","sent_at":1,"events":[${text}]}`,
    })
  }
  expect((await list()).data).toHaveLength(4)
  const lead = await collector.ask<{ data: { id: string }[] }>('/v1/leads?site=1&q=gone@example.com')
  await tell(collector, `/v1/leads/${lead.data[0]?.id}?site=1`, undefined, { method: 'DELETE' })
  expect((await list()).data.map(({ raw }) => raw)).toEqual(['{"to":"other@example.com"}'])
})
