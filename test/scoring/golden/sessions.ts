import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredEvent } from '../../../shared/event.ts'
import type { Instant } from '../../../shared/instant.ts'

// Real sessions of a web shop: the OTTO Recommender Systems Dataset, CC BY 4.0, https://github.com/otto-de/recsys-dataset.
// The data lies beside the repository and is no part of it.

const ROOT = join(import.meta.dirname, '..', '..', '..')
export const DATA = join(ROOT, '..', 'shared', 'data', 'otto-sample-20-sessions.jsonl')
export const isThere = existsSync(DATA)

/** A day, a week, two and four weeks after the beginning of the data, and a month after its end. */
export const INSTANTS: readonly Instant[] = [
  Date.UTC(2022, 7, 2),
  Date.UTC(2022, 7, 8),
  Date.UTC(2022, 7, 15),
  Date.UTC(2022, 7, 29),
  Date.UTC(2022, 8, 30),
]

interface Session {
  session: number
  events: { aid: number; ts: Instant; type: 'clicks' | 'carts' | 'orders' }[]
}

const TYPES = { clicks: 'page_view', carts: 'add_to_cart', orders: 'purchase' }

/** Clicks as views of a product's page, carts and orders as what they are. */
export function sessions(): { session: number; events: StoredEvent[] }[] {
  const lines = readFileSync(DATA, 'utf8').trim().split('\n')
  return lines.map(line => {
    const { session, events } = JSON.parse(line) as Session
    return {
      session,
      events: events.map(({ aid, ts, type }, index): StoredEvent => ({
        id: `${session}-${String(index).padStart(4, '0')}`,
        type: TYPES[type],
        at: ts,
        visitor: String(session),
        url: `https://shop.example/products/${aid}`,
        properties: type === 'clicks' ? {} : { item_id: String(aid) },
        provenance: 'browser',
        mark: null,
      })),
    }
  })
}

/** What is kept of a person at an instant. */
export interface Golden {
  score: number
  rules: Record<string, number>
  stage: string
  labels: string[]
  candidateSince: Instant | null
}
