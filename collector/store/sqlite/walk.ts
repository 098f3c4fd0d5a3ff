import { inOrder, type StoredEvent } from '../../../shared/event.ts'
import { EVENT_COLUMNS, EVENT_TABLES, readEvent } from './events.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import type { Connection } from './open.ts'
import { toBytes } from './uuid.ts'

/** Where in a history an event stands. */
export type Place = Pick<StoredEvent, 'at' | 'id'>

/** Events that are in memory at a time: shared out among the browsers of a person. */
const IN_MEMORY = 2_000
/** A browser with no more is read at once with others like it: of somebody with thousands of them, each would take a query. */
const FEW = 20

const BEGINNING: Place = { at: Number.MIN_SAFE_INTEGER, id: '00000000-0000-0000-0000-000000000000' }

/**
 * Goes through histories of any length in little memory: what browsers with few events did at once, what others did page
 * by page, all of it merged in order.
 */
export function historyWalker(connection: Connection) {
  const visitors = connection.prepare(
    `SELECT v.id, (SELECT count(*) FROM (SELECT 1 FROM events WHERE visitor_id = v.id LIMIT ${FEW + 1})) AS events
     FROM visitors v WHERE v.site_id = @site AND v.person_id IN ${IDS_OF_PERSON}`,
  )
  const whole = connection.prepare(
    `SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES}
     WHERE e.visitor_id IN (SELECT value FROM json_each(?)) AND (e.at, e.id) > (?, ?) ORDER BY e.at, e.id`,
  )
  const page = connection.prepare(
    `SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES}
     WHERE e.visitor_id = ? AND (e.at, e.id) > (?, ?) ORDER BY e.at, e.id LIMIT ?`,
  )
  const count = connection
    .prepare(
      `SELECT count(*) FROM (SELECT 1 FROM events e WHERE e.visitor_id IN
         (SELECT id FROM visitors WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON}) LIMIT @limit)`,
    )
    .pluck()

  // No statement stays open between two events: whoever walks may write, or come back later.

  function* pagesOf(visitor: number, size: number, after: Place): Generator<StoredEvent, undefined> {
    let last = after
    for (;;) {
      const rows = page.all(visitor, last.at, toBytes(last.id), size)
      for (const row of rows) yield (last = readEvent(row))
      if (rows.length < size) return
    }
  }

  function* allOf(ids: number[], after: Place): Generator<StoredEvent, undefined> {
    for (const row of whole.all(JSON.stringify(ids), after.at, toBytes(after.id))) yield readEvent(row)
  }

  return {
    /** A person's events in order, those after a place in their history. */
    *walk(site: number, person: string, after: Place = BEGINNING): Generator<StoredEvent, undefined> {
      const known = visitors.all({ site, person }) as { id: number; events: number }[]
      const [few, many] = [known.filter(({ events }) => events <= FEW), known.filter(({ events }) => events > FEW)]
      const ids = few.map(({ id }) => id)
      const size = Math.max(Math.ceil(IN_MEMORY / Math.max(many.length, 1)), FEW)
      yield* merged([allOf(ids, after), ...many.map(({ id }) => pagesOf(id, size, after))])
    },

    /** Whether a person has more events than that. */
    isLonger: (site: number, person: string, than: number): boolean =>
      (count.get({ site, person, limit: than + 1 }) as number) > than,
  }
}

/** The next of a walk, at most so many. */
export function take<Item>(items: Generator<Item, undefined>, count: number): Item[] {
  const taken: Item[] = []
  while (taken.length < count) {
    const { value } = items.next()
    if (value === undefined) break
    taken.push(value)
  }
  return taken
}

/** Several walks in one order: a binary heap of their next events. */
function* merged(walks: Generator<StoredEvent, undefined>[]): Generator<StoredEvent, undefined> {
  const heap: { next: StoredEvent; walk: Generator<StoredEvent, undefined> }[] = []
  for (const walk of walks) {
    const { value } = walk.next()
    if (value) heap.push({ next: value, walk })
  }
  heap.sort((a, b) => inOrder(a.next, b.next)) // a sorted list is a heap
  for (let first = heap[0]; first; first = heap[0]) {
    yield first.next
    const { value } = first.walk.next()
    const sunk = value ? { next: value, walk: first.walk } : heap.pop()!
    if (heap.length > 0) sink(heap, sunk, isBefore)
  }
}

const isBefore = (a: { next: StoredEvent }, b: { next: StoredEvent }): boolean => inOrder(a.next, b.next) < 0

/** Puts an item at the top of a heap, and lets it sink to where it belongs. */
function sink<Item>(heap: Item[], item: Item, before: (a: Item, b: Item) => boolean): void {
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const child = heap[left + 1] !== undefined && before(heap[left + 1]!, heap[left]!) ? left + 1 : left
    const below = heap[child]
    if (below === undefined || !before(below, item)) break
    heap[at] = below
    at = child
  }
  heap[at] = item
}
