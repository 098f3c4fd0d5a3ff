import { LRUCache } from 'lru-cache'
import { Refusal } from '../../shared/refusal.ts'
import type { ArrivedEvent, Arrival } from '../store/store.ts'
import type { GroupCommit } from './group.ts'

/** Who is told of a site's events, as they are on disk. */
export type Listener = (visitor: string, event: ArrivedEvent) => void

export interface Live {
  /** The same commit, which also tells whoever listens. */
  commit: GroupCommit['commit']
  /** Until the returned function is called, or `close`, upon which `ended` is called. Refuses one too many. */
  listen(site: number, listener: Listener, ended: () => void): () => void
  close(): void
}

const MAX_LISTENERS = 100
/** So many ids are remembered while anybody listens: an event that is sent again is not told again. */
const REMEMBERED = 20_000

/** Tells of events when they are kept, and costs nothing while nobody listens. */
export function createLive(commit: GroupCommit['commit']): Live {
  const listeners = new Map<object, { site: number; listener: Listener; ended: () => void }>()
  const told = new LRUCache<string, true>({ max: REMEMBERED })

  function tell({ site, visitor, events }: Arrival): void {
    for (const event of events) {
      if (told.has(event.id)) continue
      told.set(event.id, true)
      for (const each of listeners.values()) if (each.site === site) each.listener(visitor, event)
    }
  }

  return {
    async commit(arrival, bytes) {
      const receipt = await commit(arrival, bytes)
      if (listeners.size > 0 && receipt.stored > 0) tell(arrival)
      return receipt
    },
    listen(site, listener, ended) {
      if (listeners.size >= MAX_LISTENERS)
        throw new Refusal('overloaded', `At most ${MAX_LISTENERS} can watch at the same time.`)
      const key = {}
      listeners.set(key, { site, listener, ended })
      return () => {
        listeners.delete(key)
        if (listeners.size === 0) told.clear()
      }
    },
    close() {
      for (const { ended } of listeners.values()) ended()
      listeners.clear()
    },
  }
}
