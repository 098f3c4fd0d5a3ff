import { mkdtempSync, rmSync } from 'node:fs'
import { BlockList } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createGuard } from '../../collector/outbox/guard.ts'
import { createOutbox, type DeliveryResult, type OutboxParts } from '../../collector/outbox/outbox.ts'
import { resolveWith, type Resolve } from '../../collector/outbox/resolve.ts'
import { newSecret } from '../../collector/outbox/sign.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { MESSAGE_TYPES, type Delivery, type Webhook } from '../../shared/webhook.ts'

const NOON = 1_764_000_000_000

export const MODEL: Model = {
  name: 'Test',
  timezone: 'UTC',
  groups: [{ id: 'all', kind: 'engagement' }],
  rules: [{ id: 'view', group: 'all', on: 'page_view', points: 40, halfLifeDays: 1 }],
  total: {},
  labels: [{ id: 'hot', score: 'total', gte: 60 }],
  stages: {
    lead: { known: 'email' },
    mql: { all: [{ known: 'email' }, { score: 'total', gte: 50 }] },
    fastTrack: { event: 'request_quote' },
  },
}

export interface DeskOptions extends Partial<Pick<OutboxParts, 'timeLimit' | 'grace' | 'chance'>> {
  resolve?: Resolve
  /** Where private addresses may be reached; the whole IPv4 loopback by default. */
  allow?: [network: string, prefix: number, family: 'ipv4' | 'ipv6'][]
  model?: Model
}

export type Desk = Awaited<ReturnType<typeof desk>>

let minted = 0
const newId = () =>
  uuidv7(
    NOON + minted,
    Uint8Array.from({ length: 10 }, (_, i) => (minted++ * 31 + i) & 255),
  )

/** A store and an outbox with real sockets, and a clock that stands still until it is moved. `close` removes all of it. */
export async function desk(options: DeskOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-outbox-'))
  const store = await openStore(`file:${folder}/test.db`, { newId })
  const { id: site } = await store.addSite(
    { name: 'Shop', writeKey: 'wk_shop', origins: [], createdAt: NOON },
    options.model ?? MODEL,
  )
  let time = NOON
  const now = () => time
  const faults: unknown[] = []
  const results: DeliveryResult[] = []
  const allowed = new BlockList()
  for (const [network, prefix, family] of options.allow ?? [['127.0.0.0', 8, 'ipv4']])
    allowed.addSubnet(network, prefix, family)
  const guard = createGuard(options.resolve ?? resolveWith(), allowed)
  const parts: OutboxParts = {
    store,
    writer: store,
    guard,
    clock: now,
    chance: options.chance ?? (() => 0),
    publicUrl: () => 'https://leads.example',
    log: fault => faults.push(fault),
    observe: result => results.push(result),
    timeLimit: options.timeLimit ?? 10_000,
    grace: options.grace ?? 0,
  }
  const outbox = createOutbox(parts)

  return {
    store,
    site,
    guard,
    parts,
    outbox,
    faults,
    results,
    now,
    setTime: (at: Instant) => void (time = at),
    advance: (milliseconds: number) => void (time += milliseconds),

    async subscribe(url: string, facts: Partial<Webhook> = {}): Promise<Webhook> {
      const webhook: Webhook = {
        id: `wh_${newId()}`,
        site,
        kind: 'webhook',
        url,
        events: [...MESSAGE_TYPES],
        description: null,
        secret: newSecret(),
        previousSecret: null,
        previousUntil: null,
        createdAt: time,
        disabledAt: null,
        disabledReason: null,
        ...facts,
      }
      await store.addWebhook(webhook)
      return webhook
    },

    /** Something that a visitor does now. */
    async happens(visitor: string, ...types: (string | { type: string; properties: object })[]): Promise<void> {
      const events = types.map(given => {
        const { type, properties } = typeof given === 'string' ? { type: given, properties: {} } : given
        const at = time
        return {
          id: newId(),
          type,
          at,
          rawAt: at,
          properties: { ...properties },
          provenance: 'browser' as const,
          mark: null,
        }
      })
      await store.record([{ site, visitor, receivedAt: time, events, quarantined: [] }], time, engine)
    },

    deliveries: async (webhook: Webhook): Promise<Delivery[]> =>
      (await store.deliveries(webhook.id, { limit: 500 })).items.toReversed(),

    /** Sends what is due, and waits until what came of it is written down. */
    async settled(): Promise<void> {
      await outbox.round()
      await expect.poll(() => store.due(time), { interval: 20 }).toEqual([])
    },

    async close(): Promise<void> {
      await outbox.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Makes a visitor known, and with that a lead. */
export const signsUp = (email: string) => ({ type: 'identify', properties: { traits: { email } } })
