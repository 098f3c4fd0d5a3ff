import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { addSite } from '../../../collector/http/site.ts'
import { openStore } from '../../../collector/store/open.ts'
import { EVENT_COLUMNS, EVENT_TABLES, readEvent } from '../../../collector/store/sqlite/events.ts'
import type { StoredEvent } from '../../../shared/event.ts'
import type { Site } from '../../../shared/site.ts'
import { testCollector, type TestCollector } from '../../collector.ts'
import { PATIENCE } from '../../patience.ts'
import { closed, listening, openLine, type Line } from './line.ts'

/** A website that is tracked. */
export interface Place {
  /** Where its pages are: a name of its own, so that it shares no storage with another place. */
  origin: string
  site: Site
  line: Line
  /** The snippet, with these attributes. */
  tag(attributes?: string): string
  /** Another origin whose pages count; before any of them has sent anything. */
  allow(other: string): Promise<void>
  /** Sets what a path answers with. */
  page(path: string, html: string, headers?: Record<string, string>): void
  /** Paths that pages asked for, with their queries, in order. */
  asked: string[]
  /** What the collector has on disk, in the order of events' ids; all, or of one type. */
  events(type?: string): StoredEvent[]
  /** Waits until there are so many of that type. */
  until(type: string, count?: number): Promise<StoredEvent[]>
  /** How many there are. */
  count(type?: string): number
  /** Waits until this holds; fails, saying what has arrived, once nothing more arrives. */
  expect(what: string, holds: () => boolean): Promise<void>
  close(): Promise<void>
}

/** Places, and the one collector they all send to. */
export interface World {
  collector: TestCollector
  /** A new place; the name is for reading only. */
  place(name: string): Promise<Place>
  close(): Promise<void>
}

const UNLIMITED = { '--visitor-rate': '0', '--address-rate': '0', '--site-rate': '0' }

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A collector, and a web server for any number of places. */
export async function openWorld(): Promise<World> {
  const collector = await testCollector(UNLIMITED)
  const store = await openStore(collector.databaseUrl, { newId: () => crypto.randomUUID() })
  const database = new Database(new URL(collector.databaseUrl).pathname, { readonly: true })
  const log = database.prepare(
    `SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES} WHERE e.site_id = ? AND e.type LIKE ? ORDER BY e.id`,
  )
  const size = database.prepare('SELECT count(*) FROM events WHERE site_id = ? AND type LIKE ?').pluck()
  const hosts = new Map<string, Answer>()
  let opened = 0
  const web = createServer((request, response) => {
    const answer = hosts.get(request.headers.host ?? '')
    if (answer) answer(request, response)
    else response.writeHead(404).end()
  })
  await listening(web)
  const { port } = web.address() as AddressInfo

  async function place(name: string): Promise<Place> {
    const host = `${name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 50)}-${opened++}.localhost:${port}`
    const origin = `http://${host}`
    const site = await addSite(store, { name, origins: [origin], starter: 'shop' }, Date.now())
    const line = await openLine(collector.url)
    const pages = new Map<string, { html: string; headers: Record<string, string> }>()
    const self: Place = {
      origin,
      site,
      line,
      tag: (attributes = '') =>
        `<script async src="${line.origin}/leadlight.js" data-site="${site.writeKey}" ${attributes}></script>`,
      allow: async other => void (await store.changeSite(site.id, { origins: [origin, other] })),
      page: (path, html, headers = {}) => void pages.set(path, { html, headers }),
      asked: [],
      count: (type = '%') => size.get(site.id, type) as number,
      events: (type = '%') => log.all(site.id, type).map(readEvent),
      async until(type, count = 1) {
        await self.expect(`${count} × ${type}`, () => self.count(type) >= count)
        return self.events(type)
      },
      async expect(what, holds) {
        let arrived = -1
        for (let since = Date.now(); !holds(); await wait(25)) {
          const now = self.count()
          if (now !== arrived) since = Date.now()
          arrived = now
          if (Date.now() - since < PATIENCE) continue
          const seen = self.events().map(({ type, url }) => `${type} ${url?.replace(origin, '')}`)
          throw new Error(`Waited for ${what}; the collector has ${arrived}: ${seen.join(', ')}`)
        }
      },
      close: async () => {
        hosts.delete(host)
        await line.close()
      },
    }
    hosts.set(host, (request, response) => {
      if (request.url !== '/favicon.ico') self.asked.push(request.url!)
      const page = pages.get(new URL(request.url!, origin).pathname)
      const type = { 'content-type': 'text/html; charset=utf-8' }
      response.writeHead(page ? 200 : 404, { ...type, ...page?.headers })
      response.end(page && (page.headers['content-type'] ? page.html : '<!doctype html>' + page.html))
    })
    return self
  }

  return {
    collector,
    place,
    async close() {
      await closed(web)
      database.close()
      await store.close()
      await collector.close()
    },
  }
}
