import { uuidv7 } from '../../shared/uuid.ts'
import type { Model } from '../../shared/model.ts'
import type { Arrival } from '../../collector/store/store.ts'

const NOON = 1_764_000_000_000

export const SITE = { name: 'Shop', writeKey: 'wk_shop', origins: [], createdAt: NOON }

export const MODEL: Model = {
  name: 'Test',
  timezone: 'UTC',
  groups: [{ id: 'all', kind: 'engagement' }],
  rules: [{ id: 'view', group: 'all', on: 'page_view', points: 10, halfLifeDays: 10 }],
  total: {},
  labels: [],
  stages: { lead: { known: 'email' } },
}

/** A request's worth of events, with running numbers from `first` in `seq`. */
export function arrivalOf(first: number, events: number, visitor = `visitor-${first % 9}`): Arrival {
  return {
    site: 1,
    visitor,
    receivedAt: NOON + first,
    events: Array.from({ length: events }, (_, i) => eventOf(first + i)),
    quarantined: [],
  }
}

function eventOf(seq: number): Arrival['events'][number] {
  const at = NOON + seq
  const id = uuidv7(at, Buffer.from(String(seq).padStart(10, '0')))
  const properties = { path: `/products/lamp-${seq}` }
  return { id, type: 'page_view', at, rawAt: at, seq, properties, provenance: 'browser', mark: null }
}
