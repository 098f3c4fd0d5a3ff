import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { delivery } from '../../collector/reports/delivery.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { STARTERS } from '../../collector/scoring/starters.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Arrival, Store } from '../../collector/store/store.ts'
import { HOUR } from '../../shared/instant.ts'
import { uuidv7 } from '../../shared/uuid.ts'

const NOON = 1_764_000_000_000
const EVER = { from: null, to: null }

let folder: string
let store: Store
let site: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  store = await openStore(`file:${folder}/test.db`, { newId: () => crypto.randomUUID() })
  const added = await store.addSite({ name: 'Shop', writeKey: 'wk', origins: [], createdAt: NOON }, STARTERS.shop)
  site = added.id
  minted = 0
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

let minted = 0
const id = (at: number) =>
  uuidv7(
    at,
    Uint8Array.from({ length: 10 }, (_, place) => (minted++ * 31 + place) & 255),
  )

/** The requests of a view that hold so many events each; those that `lost` says never arrive. */
function view(sizes: readonly number[], lost: (request: number) => boolean, began = NOON + minted): Arrival[] {
  const name = id(began)
  let seq = 0
  return sizes
    .map((size, request) => ({
      site,
      visitor: 'ada',
      receivedAt: began + request * 5,
      events: Array.from({ length: size }, () => ({
        id: id(began + request * 5),
        type: 'scroll',
        at: began,
        rawAt: began,
        view: name,
        seq: seq++,
        properties: {},
        provenance: 'browser' as const,
        mark: null,
      })),
      quarantined: [],
    }))
    .filter((_, request) => !lost(request))
}

const arrive = (...views: Arrival[][]) => store.record(views.flat(), NOON, engine)

test('of nothing, nothing is known', async () => {
  const loss = { rate: null, low: 0, high: 1, of: 0, few: true }
  expect(await delivery(store, site, EVER)).toEqual({ views: 0, received: 0, missing: 0, loss })
})

test('every gap is counted, and none that is not there', async () => {
  await arrive(view([1, 2, 3], () => false))
  expect(await delivery(store, site, EVER)).toMatchObject({
    views: 1,
    received: 6,
    missing: 0,
    loss: { rate: 0, of: 3 },
  })
  await arrive(view([1, 2, 1, 1], request => request === 1))
  expect(await delivery(store, site, EVER)).toMatchObject({ views: 2, received: 9, missing: 2, loss: { rate: 2 / 7 } })
})

test('the end of a view leaves no gap when it is lost', async () => {
  await arrive(view([2, 2, 2], request => request === 2))
  expect(await delivery(store, site, EVER)).toMatchObject({
    views: 1,
    received: 4,
    missing: 0,
    loss: { rate: 0, of: 2 },
  })
})

test('what arrives late after all was not lost', async () => {
  const [first, second, third] = view([2, 2, 2], () => false)
  await arrive([first!, third!])
  expect(await delivery(store, site, EVER)).toMatchObject({ missing: 2, loss: { rate: 0.5 } })
  await arrive([{ ...second!, receivedAt: NOON + HOUR }])
  expect(await delivery(store, site, EVER)).toMatchObject({ missing: 0, loss: { rate: 0 } })
})

test('a span is of views that began in it', async () => {
  await arrive(
    view([1, 1, 1], () => false, NOON - HOUR),
    view([1, 1, 1], () => false, NOON),
  )
  expect(await delivery(store, site, { from: NOON, to: null })).toMatchObject({ views: 1 })
  expect(await delivery(store, site, { from: null, to: NOON })).toMatchObject({ views: 1 })
  // What is cut off by the span is not lost.
  expect(await delivery(store, site, { from: NOON - HOUR + 5, to: NOON })).toMatchObject({ views: 0, missing: 0 })
})

test('of very many events the latest are looked at, and no view is cut in half', async () => {
  await arrive(
    view([1, 1, 1], request => request === 1, NOON - HOUR),
    view([1, 1, 1], () => false, NOON),
  )
  const few = (most: number) => store.gaps(site, EVER, most)
  expect(await few(100)).toMatchObject({ views: 2, missing: 1 })
  expect(await few(4)).toMatchObject({ views: 1, missing: 0 })
  expect(await few(2)).toMatchObject({ views: 0, missing: 0 })
})

test.each([0.02, 0.1, 0.3])('the rate is the truth: %f of requests lost, whichever they are', async probability => {
  let state = 7
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  let sent = 0
  let lost = 0
  const views = Array.from({ length: 2_000 }, () => {
    const sizes = Array.from({ length: 2 + Math.floor(random() * 4) }, () => 1 + Math.floor(random() * 3))
    const fates = sizes.map(() => random() < probability)
    sizes.forEach((size, request) => {
      sent += size
      if (fates[request]) lost += size
    })
    return view(sizes, request => fates[request]!)
  })
  await arrive(...views)
  const { loss } = await delivery(store, site, EVER)
  expect(Math.abs(loss.rate! - lost / sent)).toBeLessThan(0.01)
})
