import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Batch } from '../../../shared/batch.ts'
import type { WireEvent } from '../../../shared/event.ts'
import { PATIENCE } from '../../patience.ts'

/** What a collector saw of one request to `POST /e`. */
export interface Received {
  batch: Batch
  contentType: string | undefined
  cookie: string | undefined
}

export interface Site {
  /** Origin of the pages. */
  origin: string
  /** Origin of the collector: another one, as in life. */
  collector: string
  /** The tag, with these attributes. */
  tag(attributes?: string): string
  /** Sets what a path answers with. */
  page(path: string, html: string): void
  /** Origin of the pages under a name of theirs, without the privileges of localhost. */
  named(host: string): string
  /** CORS pre-flights seen. */
  preflights: number
  /** All that came in, in the order of arrival. */
  received: Received[]
  /** Events of one type, or all; each once. */
  events(type?: string): WireEvent[]
  /** Waits until there are so many events of the type. */
  until(type: string, count?: number): Promise<WireEvent[]>
  /** Waits until this path has been asked for. */
  visited(path: string): Promise<void>
  /** Waits until the collector has refused so many requests. */
  refused(count: number): Promise<void>
  /** How the collector answers: late, with another status, or by breaking the connection. */
  answer: { status?: number; headers?: Record<string, string>; breaks?: boolean; delay?: number; body?: object }
  /** Milliseconds before the collector reads from a new connection: what localhost hides, and a TLS handshake costs. */
  slow: number
  close(): Promise<void>
}

/** A site with pages, and a collector on another origin that keeps what it is sent. */
export async function openSite(): Promise<Site> {
  const built = (name: string) => readFileSync(new URL(`../../../dist/${name}`, import.meta.url))
  const pages = new Map<string, string>()
  const waiting = new Set<() => void>()
  const visits = new Set<string>()
  let refusals = 0

  const web = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://site')
    visits.add(pathname)
    for (const look of waiting) look()
    const html = pages.get(pathname)
    response.writeHead(html === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
    response.end('<!doctype html>' + (html ?? 'Not found'))
  })
  const sink = createServer((request, response) => void collect(request, response))

  async function collect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'retry-after')
    if (request.method === 'OPTIONS') site.preflights++
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/javascript')
      response.end(built(/leadlight\S*?\.m?js/.exec(request.url!)![0]))
      return
    }
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { status = 202, headers = {}, breaks, delay = 0, body: said } = site.answer
    const batch: Batch = JSON.parse(body)
    const { 'content-type': contentType, cookie } = request.headers
    if (status === 202 && !breaks) site.received.push({ batch, contentType, cookie })
    else refusals++
    for (const look of waiting) look()
    if (breaks) return void request.socket.destroy()
    await new Promise(resolve => setTimeout(resolve, delay))
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    const result = { accepted: batch.events.length, duplicate: 0, quarantined: 0, dropped: [] }
    response.end(JSON.stringify(said ?? result))
  }

  sink.on('connection', (socket: Socket) => {
    if (!site.slow) return
    socket.pause()
    setTimeout(() => socket.resume(), site.slow)
  })

  function become(met: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!met()) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(look)
        const seen = site.events().map(event => event.type)
        reject(new Error(`Waited for ${what}, saw: ${seen.join(', ') || 'nothing'}`))
      }, PATIENCE)
      waiting.add(look)
      look()
    })
  }

  const site: Site = {
    origin: await listening(web),
    collector: await listening(sink),
    tag: (attributes = '') =>
      `<script async src="${site.collector}/leadlight.js" data-site="wk_test" ${attributes}></script>`,
    page: (path, html) => void pages.set(path, html),
    received: [],
    events(type) {
      const all = new Map(site.received.flatMap(({ batch }) => batch.events.map(event => [event.id, event])))
      return [...all.values()].filter(event => !type || event.type === type)
    },
    until: async (type, count = 1) => {
      await become(() => site.events(type).length >= count, `${count} × ${type}`)
      return site.events(type)
    },
    visited: path => become(() => visits.has(path), path),
    refused: count => become(() => refusals >= count, `${count} refusals`),
    slow: 0,
    preflights: 0,
    named: host => site.origin.replace('127.0.0.1', host),
    answer: {},
    close: async () => {
      await Promise.all([web, sink].map(closed))
    },
  }
  return site
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
