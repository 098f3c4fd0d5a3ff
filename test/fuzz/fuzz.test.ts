import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Plant } from '../faults/plant.ts'
import { serve, writeKeyOf } from '../faults/process.ts'
import { layOut } from '../../collector/ingest/event-text.ts'
import { hear, imbalances, nothingTold, scrape } from '../http/books.ts'
import { openConnection, type Answer, type Connection } from '../http/connection.ts'
import { fuzzedRequest, type FuzzedRequest } from './request.ts'
import { malformed } from './stored.ts'

/** All of them in continuous integration; many more by `LEADLIGHT_TEST_FUZZ=1000000 npx vitest run --config test/vitest.config.ts test/fuzz`. */
const REQUESTS = Number(process.env['LEADLIGHT_TEST_FUZZ'] ?? (process.env['CI'] ? 200_000 : 20_000))
const AT_ONCE = 500
const CONNECTIONS = 32

/** All that the collector ever answers to requests like these. */
const EXPECTED = new Set([200, 202, 204, 400, 401, 403, 404, 405, 413, 415])

/** What was wrong first, if anything was, after so many requests. */
async function fuzz(
  requests: number,
  { plants = [], seed }: { plants?: Plant[]; seed?: number } = {},
): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-fuzz-'))
  const file = join(folder, 'test.db')
  const { child, ready, end, said } = serve(file, { plants })
  const connections = new Map<number, Connection>()
  onTestFinished(async () => {
    for (const connection of connections.values()) connection.close()
    child.kill()
    await end
    rmSync(folder, { recursive: true, force: true })
  })
  const url = await ready
  const told = nothingTold()

  async function send(queue: FuzzedRequest[], place: number): Promise<void> {
    for (let request = queue.pop(); request; request = queue.pop()) {
      const connection = connections.get(place) ?? (await openConnection(url))
      connections.set(place, connection)
      const answer = await connection.exchange(bytesOf(request, url))
      if (answer.headers.get('connection') === 'close') {
        connection.close()
        connections.delete(place)
      }
      check(request, answer)
    }
  }

  function check({ method, path, text }: FuzzedRequest, answer: Answer): void {
    if (!EXPECTED.has(answer.status)) throw new Error(`${answer.status} ${answer.body}`)
    if (answer.status >= 400 && answer.body !== '') JSON.parse(answer.body)
    if (method !== 'POST' || !path.startsWith('/e') || path === '/e/') return
    hear(told, answer, answer.status === 202 ? eventsIn(text) : 0)
  }

  const target = { key: writeKeyOf(file), origin: url }
  const many = fc.array(fuzzedRequest(target), { minLength: AT_ONCE, maxLength: AT_ONCE })
  const run = await fc.check(
    fc.asyncProperty(many, async list => {
      const queue = [...list]
      await Promise.all(Array.from({ length: CONNECTIONS }, (_, place) => send(queue, place)))
    }),
    { numRuns: requests / AT_ONCE, endOnFailure: true, ...(seed !== undefined && { seed }) },
  )
  if (run.failed) return `seed ${run.seed}: ${String(run.errorInstance)}`
  if (child.exitCode !== null) return `the collector ended: ${said.err}`
  if (/"level":"error"/.test(said.err)) return said.err.slice(0, 2_000)
  const imbalance = imbalances(told, file, await scrape(url))
  expect(told.accepted).toBeGreaterThan(requests / 10)
  process.stdout.write(
    `${requests} requests: ${[...told.answers].map(answer => answer.join(' × ')).join(', ')}; ${told.accepted} events\n`,
  )
  return [...imbalance, ...malformed(file)][0] ?? null
}

function bytesOf({ method, path, headers, body, chunked }: FuzzedRequest, url: string): Buffer {
  const size = chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(body.length) }
  const lines = Object.entries({ Host: new URL(url).host, ...headers, ...size })
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), ...(chunked ? chunksOf(body) : [body])])
}

function chunksOf(body: Uint8Array): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += 1_000) {
    const chunk = body.subarray(at, at + 1_000)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), Buffer.from(chunk), Buffer.from('\r\n'))
  }
  return [...chunks, Buffer.from('0\r\n\r\n')]
}

/** How many events a batch holds that was understood. One that is too large or too deep need not even be JSON. */
function eventsIn(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes)
  try {
    return (JSON.parse(text) as { events: unknown[] }).events.length
  } catch {
    return layOut(text).events.length
  }
}

test(
  `${REQUESTS.toLocaleString('en')} hostile requests: no error of ours, nothing kept that is not well-formed, and the sums agree`,
  { timeout: 30 * 60_000 },
  async () => {
    expect(await fuzz(REQUESTS)).toBeNull()
  },
)

test.each([
  ['keeps half characters', 'collector/ingest/clean', 'text.toWellFormed()', 'text', /no text|properties: /],
  ['keeps what is nested too deep', 'collector/ingest/clean', 'MAX_DEPTH = 8', 'MAX_DEPTH = 80', /deep/],
  [
    'believes any time',
    'collector/ingest/event',
    'instant <= 8_640_000_000_000_000',
    'instant <= Infinity',
    /at: |503|500/,
  ],
  [
    'forgets to say what it dropped',
    'collector/ingest/decode',
    "decoded.dropped.push({ index, reason: 'event_too_large' })",
    'void index',
    /sent = accepted/,
  ],
  [
    'falls over what is nested deep',
    'collector/ingest/decode',
    'cleanText(raw())',
    'cleanText(JSON.stringify(value()))',
    /500/,
  ],
  [
    'keeps e-mail addresses in addresses',
    'collector/ingest/enrich',
    'facts.url = scrubUrl(facts.url)',
    'facts.url = String(facts.url)',
    /url: /,
  ],
])('this would find a collector that %s', async (_, module, find, replace, told) => {
  expect(await fuzz(4_000, { plants: [{ module, find, replace }], seed: 1 })).toMatch(told)
})
