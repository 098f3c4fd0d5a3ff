import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../collector/config.ts'
import { startCollector, type Collector } from '../collector/main.ts'
import type { Instant } from '../shared/instant.ts'
import { uuidv7 } from '../shared/uuid.ts'

export const ADMIN_KEY = 'sk_test_0123456789abcdefghij'
/** The user agent of a person. */
export const PERSON =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'

export interface TestCollector extends Collector {
  databaseUrl: string
  /** Moves the collector's clock on. */
  advance: (milliseconds: number) => void
  now: () => Instant
  /** What was logged as a fault. */
  faults: unknown[]
  /** An answer of the API as JSON, asked with an admin key; a body makes it a POST. */
  ask: <Answer = Record<string, unknown>>(path: string, body?: object) => Promise<Answer>
  /** Sends a batch from a page of the collector's own. */
  send: (batch: object, headers?: Record<string, string>) => Promise<Response>
}

/** A whole collector on a free port, over a database of its own, with a clock that can be moved. `close` removes all of it. */
export async function testCollector(flags: Record<string, string> = {}): Promise<TestCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  const config = readConfig(
    {},
    { '--port': '0', '--database-url': `file:${folder}/test.db`, '--admin-key': ADMIN_KEY, ...flags },
  )
  const faults: unknown[] = []
  let ahead = 0
  const now = () => Date.now() + ahead
  const collector = await startCollector(config, {
    clock: now,
    log: fault => faults.push(fault),
    onFailure: failure => faults.push(failure),
  })
  const { url, site } = collector
  return {
    ...collector,
    databaseUrl: config.databaseUrl,
    now,
    faults,
    advance: milliseconds => void (ahead += milliseconds),
    async ask<Answer>(path: string, body?: object) {
      const answer = await fetch(url + path, {
        headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...(body && { 'Content-Type': 'application/json' }) },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Answer
    },
    send: (batch, headers = {}) =>
      fetch(`${url}/e`, {
        method: 'POST',
        headers: { Origin: url, 'User-Agent': PERSON, ...headers },
        body: JSON.stringify({ v: 1, key: site.writeKey, visitor: 'ada', sent_at: now(), ...batch }),
      }),
    async close() {
      await collector.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

let minted = 0

/** A well-formed event, `age` milliseconds old. */
export function wireEvent(type: string, facts: object = {}, age = 0) {
  const at = Date.now() - age
  return {
    id: uuidv7(
      at,
      Uint8Array.from({ length: 10 }, () => minted++ % 251),
    ),
    type,
    at,
    ...facts,
  }
}
