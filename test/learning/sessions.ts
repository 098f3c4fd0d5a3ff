import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MINUTE, SECOND, type Instant } from '../../shared/instant.ts'
import type { Properties } from '../../shared/json.ts'
import { uuidv7 } from '../../shared/uuid.ts'

/** Sakar, Polat, Katircioglu, Kastro 2018, "Real-time prediction of online shoppers' purchasing intention"; UCI, CC BY 4.0. */
export const SHOPPERS = join(import.meta.dirname, '../../../shared/data/online_shoppers_intention.csv')

/** One visit of one person: pages by kind, and how long, in seconds, they took together. */
export interface Session {
  row: number
  account: Pages
  help: Pages
  products: Pages
  month: string
  source: string
  visitor: string
  bought: boolean
}

export interface Pages {
  count: number
  seconds: number
}

/** The sessions of the file; `null` without it. What only the shop's own analysis knew (page values, exit rates) is not read. */
export function readSessions(path = SHOPPERS): Session[] | null {
  if (!existsSync(path)) return null
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line, row) => {
    const cells = Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell]))
    const pages = (kind: string) => ({ count: Number(cells[kind]), seconds: Number(cells[`${kind}_Duration`]) })
    return {
      row,
      account: pages('Administrative'),
      help: pages('Informational'),
      products: pages('ProductRelated'),
      month: cells['Month'] ?? '',
      source: cells['TrafficType'] ?? '',
      visitor: cells['VisitorType'] ?? '',
      bought: cells['Revenue'] === '1' || cells['Revenue'] === 'TRUE',
    }
  })
}

/** How long each page of a kind was looked at, in milliseconds: all equally long, for nobody knows better. */
export const perPage = ({ count, seconds }: Pages): number => (count === 0 ? 0 : Math.round((seconds * 1_000) / count))

export interface SessionEvent {
  id: string
  type: string
  at: Instant
  url?: string
  view?: string
  properties?: Properties
}

const FIRST: Instant = Date.UTC(2025, 0, 6)
const APART = 20 * MINUTE

/**
 * A visit as a tracker would have told it: who comes and from where, each page with its active time, and the purchase. The
 * file is sorted by month, and a month is a fact about a visit here: so the visits begin in an order that has nothing to do
 * with the file's, that of a hash of their row.
 */
export function eventsOf(session: Session, place: number): SessionEvent[] {
  const events: SessionEvent[] = []
  const bytes = new Uint8Array(10)
  let at = FIRST + place * APART
  const add = (type: string, facts: Omit<SessionEvent, 'id' | 'type' | 'at'>) => {
    new DataView(bytes.buffer).setUint32(2, session.row)
    new DataView(bytes.buffer).setUint32(6, events.length)
    events.push({ id: uuidv7(at, bytes), type, at, ...facts })
  }
  const { month, source, visitor } = session
  add('identify', { properties: { traits: { month, source, visitor } } })
  for (const [kind, pages] of [
    ['account', session.account],
    ['help', session.help],
    ['products', session.products],
  ] as const) {
    const engaged = perPage(pages)
    for (let page = 0; page < pages.count; page++) {
      const where = { url: `https://shop.example/${kind}/${page}`, view: `${kind}-${page}` }
      add('page_view', where)
      at += engaged
      if (engaged > 0) add('user_engagement', { ...where, properties: { engaged_ms: engaged } })
    }
  }
  at += SECOND
  if (session.bought) add('purchase', { properties: { currency: 'EUR' } })
  return events
}

/** The order in which the visits begin. */
export const inOrderOfVisits = (sessions: readonly Session[]): Session[] => {
  const key = ({ row }: Session) => createHash('sha256').update(`visit ${row}`).digest('hex')
  return sessions
    .map(session => ({ session, key: key(session) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ session }) => session)
}
