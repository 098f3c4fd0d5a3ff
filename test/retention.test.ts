import { expect, test } from 'vitest'
import { createRetention } from '../collector/retention.ts'
import { engine } from '../collector/scoring/engine.ts'
import { verify } from '../collector/reports/verify.ts'
import { DAY } from '../shared/instant.ts'
import { crowd, email, event, NOON } from './store/crowd.ts'

/** Somebody who came once, somebody who still comes, and a retention of 30 days over them. */
async function shop({ confirmed = false, once = 1, days = 30 } = {}) {
  const c = await crowd()
  for (let n = 0; n < once; n++) await c.arrive(`once-${n}`, event('page_view'), event('add_to_cart'))
  await c.arrive(
    'ada',
    email('ada@example.com'),
    event('page_view'),
    ...[1, 2, 3].map(n => event('add_to_cart', NOON + n)),
  )
  const bad = { raw: '{}', reason: 'none', provenance: 'browser' as const, sending: { sentAt: NOON, mark: null } }
  const sick = { site: c.site, visitor: 'nobody', events: [] }
  await c.store.record([{ ...sick, receivedAt: NOON, quarantined: [bad] }], NOON, engine)
  c.wait(40 * DAY)
  await c.store.record([{ ...sick, receivedAt: c.now(), quarantined: [{ ...bad, raw: '[]' }] }], c.now(), engine)
  await c.arrive('ada', event('page_view', c.now()))
  const told: string[] = []
  const retention = createRetention({
    store: { sites: async () => (await c.store.sites()).filter(({ id }) => id === c.site), census: c.store.census },
    writer: { expire: (site, before, from, now) => c.store.expire(site, before, from, now, engine) },
    days,
    confirm: confirmed ? 30 : 0,
    log: message => told.push(message),
  })
  return { c, told, retention }
}

test('who was not seen for so long is gone; who still comes keeps a name and a stage, and loses what is too old', async () => {
  const { c, told, retention } = await shop()
  const before = await c.person('ada')
  expect(before).toMatchObject({ stage: 'mql' })
  await retention.round(c.now())
  expect(told).toEqual([
    'Retention: 6 events of Shop, 1 persons, and 1 texts in quarantine were older than 30 days and are deleted.',
  ])
  expect(await c.store.leadByVisitor(c.site, 'once-0')).toBeNull()
  const ada = await c.person('ada')
  expect(ada).toMatchObject({ stage: 'mql', traits: { email: { value: 'ada@example.com' } } })
  expect((await c.store.history(c.site, ada.id)).map(({ type }) => type)).toEqual(['identify', 'page_view'])
  expect((await c.store.quarantined(c.site, { limit: 9 })).items.map(({ raw }) => raw)).toEqual(['[]'])
  expect((await verify(c.store, c.site)).mismatches).toEqual([])
  await retention.round(c.now() + DAY)
  expect(told).toHaveLength(1)
})

test('more than is expected is deleted only when somebody has confirmed it', async () => {
  const { c, told, retention } = await shop({ once: 600 })
  await retention.round(c.now())
  expect(told).toEqual([
    expect.stringContaining(
      '1204 of 1206 events of Shop, and 600 persons, are older than 30 days. That is more than a tenth: nothing was deleted.',
    ),
  ])
  expect(await c.store.census(c.site)).toMatchObject({ events: 1_206, persons: 601 })

  const meant = await shop({ once: 600, confirmed: true })
  await meant.retention.round(meant.c.now())
  expect(await meant.c.store.census(meant.c.site)).toMatchObject({ events: 2, persons: 1 })
})

test('what a site says itself counts for it, and whether it has been confirmed', async () => {
  const { c, told, retention } = await shop({ once: 600, days: 0 })
  await retention.round(c.now())
  expect(told).toEqual([])
  await c.store.changeSite(c.site, { retentionDays: 35, retentionConfirm: 30 })
  await retention.round(c.now() + DAY)
  expect(told).toEqual([expect.stringContaining('more than a tenth: nothing was deleted.')])
  await c.store.changeSite(c.site, { retentionConfirm: 35 })
  await retention.round(c.now() + 2 * DAY)
  expect(await c.store.census(c.site)).toMatchObject({ events: 2, persons: 1 })
  await c.store.changeSite(c.site, { retentionDays: 0 })
  await retention.round(c.now() + 90 * DAY)
  expect(await c.store.census(c.site)).toMatchObject({ events: 2, persons: 1 })
})
