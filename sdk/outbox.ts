import type { Batch } from '../shared/batch.ts'
import { guard, later } from './guard.ts'
import { undo } from './listen.ts'
import { uuid } from './uuid.ts'
import { NAME } from './visitor.ts'

// What was queued and is not yet acknowledged, safe from a crash: what is saved only when the page ends, a quick quit
// of the browser loses. One localStorage key a page, so that two tabs never overwrite each other's.

/** A batch before it is stamped: sealed with the visitor its events happened under, whoever comes later. */
export type Sealed = Omit<Batch, 'sent_at' | 'consent'>

const PREFIX = NAME + ':'

/** Milliseconds after which unacknowledged events count as left behind. A page that still lives sends twice, harmlessly. */
const ORPHANED_AFTER = 10_000

/** A key of this page's own. */
export const outboxKey = (): string => PREFIX + uuid()

export function writeOutbox(key: string, batches: Sealed[]): void {
  guard(() => {
    if (batches.length) localStorage[key] = JSON.stringify(batches)
    else delete localStorage[key]
  })
}

/** Takes over what pages that are gone have left behind. */
export function adoptOutboxes(own: string, take: (batches: Sealed[]) => void): void {
  const adopt = () =>
    eachOutbox(key => {
      const batches: Sealed[] = JSON.parse(localStorage[key] as string)
      if (key === own || batches.at(-1)!.events.at(-1)!.at > Date.now() - ORPHANED_AFTER) return
      take(batches)
      delete localStorage[key]
    })
  // For no longer than this: a page that holds a lock is kept out of the back/forward cache.
  const locked = () => (navigator.locks ? navigator.locks.request(NAME, adopt).catch(adopt) : adopt())
  // What was left a moment ago is there to be taken by then.
  later(locked)
  const timer = later(locked, ORPHANED_AFTER)
  undo.push(() => clearTimeout(timer))
}

export const clearOutboxes = (): void => eachOutbox(key => delete localStorage[key])

function eachOutbox(work: (key: string) => unknown): void {
  guard(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) guard(() => work(key))
  })
}
