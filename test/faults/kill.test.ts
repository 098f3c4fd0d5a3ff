import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../collector/store/open.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { ADMIN_KEY, PERSON } from '../collector.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const KILLS = 20
const CLIENTS = 12
const EVENTS_A_BATCH = 10

const folder = mkdtempSync(join(tmpdir(), 'leadlight-kill-'))
const database = `file:${folder}/test.db`
let running: ChildProcess | undefined
afterAll(() => {
  running?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

/** A collector in a process of its own; resolves when it answers. */
async function start(port: number): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--database-url', database, '--admin-key', ADMIN_KEY]
  const child = spawn(process.execPath, [join(ROOT, 'collector/leadlight.ts'), 'serve', ...flags], { stdio: 'ignore' })
  running = child
  for (let tries = 0; tries < 200; tries++) {
    const healthy = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      answer => answer.ok,
      () => false,
    )
    if (healthy) return child
    await new Promise(wait => setTimeout(wait, 50))
  }
  throw new Error('the collector did not start')
}

/** Sends batches until the collector is gone; notes what was sent, and what was acknowledged as newly stored. */
async function load(
  url: string,
  key: string,
  visitor: string,
  sent: Set<string>,
  acknowledged: Set<string>,
): Promise<void> {
  for (;;) {
    const now = Date.now()
    const events = Array.from({ length: EVENTS_A_BATCH }, () => ({
      id: uuidv7(now, crypto.getRandomValues(new Uint8Array(10))),
      type: 'page_view',
      at: now,
    }))
    for (const { id } of events) sent.add(id)
    try {
      const body = JSON.stringify({ v: 1, key, visitor, sent_at: now, events })
      const answer = await fetch(`${url}/e`, { method: 'POST', body, headers: { Origin: url, 'User-Agent': PERSON } })
      if (answer.status !== 202) continue
      // The status line arrived, so the promise was made, even if the kill cuts the body short.
      for (const { id } of events) acknowledged.add(id)
      await answer.text()
    } catch {
      return
    }
  }
}

test(
  `${KILLS} kills under load: every acknowledged event is there, once, and nothing else is`,
  { timeout: 240_000 },
  async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const sent = new Set<string>()
    const acknowledged = new Set<string>()
    const visitors = Array.from({ length: CLIENTS }, (_, n) => `visitor-${n}`)
    let key = ''

    for (let round = 0; round < KILLS; round++) {
      const child = await start(port)
      if (key === '') {
        const store = await openStore(database, { newId: crypto.randomUUID })
        key = (await store.sites())[0]?.writeKey ?? ''
        await store.close()
      }
      const before = acknowledged.size
      const clients = visitors.map(visitor => load(url, key, visitor, sent, acknowledged))
      await new Promise(wait => setTimeout(wait, 150 + Math.random() * 350))
      child.kill('SIGKILL')
      await Promise.all(clients)
      expect(acknowledged.size, `round ${round} must carry load`).toBeGreaterThan(before)
    }

    const store = await openStore(database, { newId: crypto.randomUUID })
    const stored: string[] = []
    for (const visitor of visitors) {
      const lead = await store.leadByVisitor(1, visitor)
      if (lead) stored.push(...(await store.history(1, lead.id)).map(event => event.id))
    }
    await store.close()
    const kept = new Set(stored)
    expect([...acknowledged].filter(id => !kept.has(id))).toEqual([])
    expect(stored).toHaveLength(kept.size)
    expect([...kept].filter(id => !sent.has(id))).toEqual([])
    process.stdout.write(
      `${acknowledged.size} events acknowledged over ${KILLS} kills, ${sent.size} sent, ${kept.size} kept\n`,
    )
  },
)
