import { expect } from 'vitest'
import { caughtUp } from '../../collector/reports/verify.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { openStore } from '../../collector/store/open.ts'
import type { ArrivedEvent, Store } from '../../collector/store/store.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Properties } from '../../shared/json.ts'
import type { Model } from '../../shared/model.ts'
import { uuidv7 } from '../../shared/uuid.ts'

export const NOON: Instant = 1_764_000_000_000

/** Nothing in it ever takes points or a stage away but time: more events never mean less. */
export const MODEL: Model = {
  name: 'Test',
  timezone: 'UTC',
  groups: [
    { id: 'web', kind: 'engagement', max: 200 },
    { id: 'fit', kind: 'fit' },
  ],
  rules: [
    { id: 'view', group: 'web', on: 'page_view', points: 10, halfLifeDays: 10, cap: 60 },
    { id: 'cart', group: 'web', on: 'add_to_cart', points: 20, halfLifeDays: 3 },
    { id: 'known', group: 'fit', trait: { email: { exists: true } }, points: 5 },
  ],
  total: {},
  labels: [{ id: 'warm', score: 'total', gte: 30 }],
  stages: {
    subscriber: { event: 'sign_up' },
    lead: { any: [{ known: 'email' }, { event: 'add_to_cart', count: 2 }] },
    mql: { all: [{ score: 'total', gte: 50 }, { event: 'add_to_cart' }] },
  },
}

let minted = 0

/** Ids in the order in which they are asked for. */
export const newId = (): string => {
  const n = minted++
  return uuidv7(
    NOON + n,
    Uint8Array.from({ length: 10 }, (_, i) => (n * 31 + i * 7) & 255),
  )
}

export function event(type: string, at: Instant = NOON, properties: Properties = {}): ArrivedEvent {
  return { id: newId(), type, at, rawAt: at, properties, provenance: 'browser', mark: null }
}

export const email = (address: string, at: Instant = NOON): ArrivedEvent =>
  event('identify', at, { traits: { email: address } })

/** One for a whole file of tests: a new site is made a hundred times as fast. */
const inMemory = openStore('file::memory:', { newId })

/** A site of its own, by default in a store in memory, and short words for what tests do with it. */
export async function crowd(model: Model = MODEL, opened: Promise<Store> = inMemory) {
  const store = await opened
  const writeKey = `wk_${minted++}`
  const { id: site } = await store.addSite({ name: 'Shop', writeKey, origins: [], createdAt: NOON }, model)
  let now = NOON

  const person = async (visitor: string) => {
    const lead = await store.leadByVisitor(site, visitor)
    if (!lead) throw new Error(`nobody uses ${visitor}`)
    return lead
  }
  return {
    store,
    site,
    now: () => now,
    wait: (time: number) => void (now += time),
    async arrive(visitor: string, ...events: ArrivedEvent[]): Promise<void> {
      await store.record([{ site, visitor, receivedAt: now, events, quarantined: [] }], now, engine)
    },
    person,
    merge: (a: string, b: string) => store.merge(site, a, b, 'key_test', now, engine),
    unmerge: (id: string, leaving: string) => store.unmerge(site, id, leaving, 'key_test', now, engine),
    move: (id: string, to: Parameters<Store['move']>[2]['to']) =>
      store.move(site, id, { to, actor: 'key_test' }, now, engine),
    everybody: () => store.persons(site, 100_000),
  }
}

export type Crowd = Awaited<ReturnType<typeof crowd>>

/** Everybody is what the judge makes of their whole history; every event is one person's. */
export async function expectExact({ store, site, everybody }: Crowd): Promise<void> {
  const { document, version } = await store.model(site)
  let events = 0
  for (const person of await everybody()) {
    const { id, stage, model, scoredAt, stageSince: _, recycledAt: __, profilingStopped: ___, ...kept } = person
    const { fold: ____, isBehind: _____, ...profile } = kept
    const history = await store.history(site, id)
    events += history.length
    const fresh = engine.judge(document, version, { stage: 'visitor', stageSince: null, fold: null }, history, scoredAt)
    expect(model).toBe(version)
    expect(JSON.parse(JSON.stringify(caughtUp(document, person, history)))).toEqual(
      JSON.parse(JSON.stringify(fresh?.standing.fold)),
    )
    expect(profile).toEqual({ candidateSince: null, labels: [], ...defined(fresh?.profile) })
    expect(stage).toBe(fresh?.standing.stage)
  }
  expect(await store.census(site)).toMatchObject({ events, orphans: 0, stale: 0 })
}

function defined(profile: object | undefined): object {
  const { flipsAt: _, ...kept } = profile as { flipsAt?: number }
  return kept
}
