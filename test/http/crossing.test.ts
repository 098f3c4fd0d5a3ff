import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verify } from '../../collector/reports/verify.ts'
import { openStore } from '../../collector/store/open.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { tell } from './tell.ts'

const REQUESTS = Number(process.env['LEADLIGHT_TEST_REQUESTS'] ?? 10_000)
const PEOPLE = 1_000
/** Those who are told to be one are of one neighbourhood: few enough for circles, and for un-merging from the midst of them. */
const NEIGHBOURS = 50
const AT_ONCE = 64

const folder = mkdtempSync(join(tmpdir(), 'leadlight-crossing-'))
const databaseUrl = `file:${folder}/test.db`
let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector({ '--database-url': databaseUrl })
})
afterAll(async () => {
  await collector.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Mulberry32: the same requests in every run. */
function random(state: number): (below: number) => number {
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

test('ten thousand identify, merge and un-merge requests at once, also in circles: nothing is lost or counted twice', async () => {
  const pick = random(7)
  const ids: string[] = []
  let sent = 0
  const send = async (visitor: string, ...events: object[]) => {
    const answer = await collector.send({ visitor, events })
    expect(answer.status).toBe(202)
    sent += events.length
  }
  for (let n = 0; n < PEOPLE; n++) await send(`v${n}`, wireEvent('page_view', {}, 60_000))
  let after: string | undefined
  do {
    const page: { data: { id: string }[]; paging: { next?: { after: string } } } = await collector.ask(
      `/v1/leads?limit=500${after ? `&after=${after}` : ''}`,
    )
    ids.push(...page.data.map(({ id }) => id))
    after = page.paging.next?.after
  } while (after)
  expect(ids).toHaveLength(PEOPLE)
  ids.sort() // ids ascend with time: the n-th is who the n-th visitor is

  const request = async () => {
    const first = pick(PEOPLE / NEIGHBOURS) * NEIGHBOURS
    const near = () => first + pick(NEIGHBOURS)
    const one = () => ids[near()]!
    const visitor = `v${near()}`
    const kind = pick(10)
    if (kind < 4) {
      const traits = { email: `${Math.floor(near() / 2)}@example.com` }
      await send(visitor, wireEvent('identify', { properties: { traits } }), wireEvent('page_view'))
    } else if (kind < 6) {
      expect([200, 404]).toContain((await tell(collector, `/v1/leads/${one()}/merge`, { id: one() })).status)
    } else {
      // A former id stands for itself; a visitor has to be parted from whoever uses it now.
      const leaving = pick(4) === 0 ? { visitor } : {}
      expect([200, 404, 409]).toContain((await tell(collector, `/v1/leads/${one()}/unmerge`, leaving)).status)
    }
  }
  let left = REQUESTS
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await request()
    }),
  )

  expect(collector.faults).toEqual([])
  const store = await openStore(databaseUrl, { newId: () => '' })
  const { events, mismatches } = await verify(store, collector.site.id)
  expect(mismatches).toEqual([])
  expect(events).toBe(sent)
  expect(await store.census(collector.site.id)).toMatchObject({ events: sent, orphans: 0 })
  for (const id of ids) expect(await store.lead(collector.site.id, id)).not.toBeNull()
  await store.close()
})
