import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { MAX_EVENT_BYTES } from '../../shared/batch.ts'
import { PERSON, wireEvent } from '../collector.ts'
import { hear, imbalances, nothingTold, scrape, type Told } from '../http/books.ts'
import { misbehavingDisk, testWithDisk } from './disk.ts'
import type { Plant } from './plant.ts'
import { serve, writeKeyOf } from './process.ts'
import { ask } from './send.ts'

/** A bug of ours that some events hit. */
const POISON: Plant = {
  module: 'collector/store/sqlite/events',
  find: 'const { changes } = insert.run(',
  replace: `if (event.type === 'poison') throw new TypeError('poison')
      const { changes } = insert.run(`,
}

interface Sent {
  path?: string
  headers?: Record<string, string>
  body: string
  /** How many events it brings. */
  events: number
}

/** One request of every kind that ends in its own way. */
function everyKind(key: string, turn: number): Sent[] {
  const batch = (events: object[], more: object = {}): Sent => ({
    body: JSON.stringify({ v: 1, key, visitor: `visitor ${turn}`, sent_at: Date.now(), events, ...more }),
    events: events.length,
  })
  const view = wireEvent('page_view')
  const call = { type: 'track', userId: `user ${turn}`, event: 'Product Added', messageId: `message ${turn}` }
  return [
    batch([view, wireEvent('add_to_cart')]),
    batch([view, view, { id: 'none', n: turn }]), // twice more, and beside something that is no event
    batch([{ id: 'none', n: turn }]),
    batch([wireEvent('poison'), wireEvent('page_view')]),
    batch([wireEvent('large', { properties: { text: 'x'.repeat(MAX_EVENT_BYTES) } }), wireEvent('page_view')]),
    batch([wireEvent('page_view')], { consent: 'denied' }),
    batch([wireEvent('page_view')], { consent: 'granted', visitor: 'everybody' }),
    batch([wireEvent('page_view')], { key: 'wk_unknown' }),
    batch([wireEvent('page_view')], { sent_at: 'soon' }),
    batch(Array.from({ length: 501 }, () => ({}))),
    batch(
      Array.from({ length: 400 }, (_, n) => ({ n })),
      { visitor: 'script' },
    ), // soon refused by its rate
    { ...batch([wireEvent('page_view')]), headers: { 'Content-Encoding': 'zstd' } },
    { body: '{"v":1', events: 0 },
    {
      path: '/v1/batch',
      headers: { Authorization: `Basic ${btoa(`${key}:`)}` },
      body: JSON.stringify({ batch: [call, call, { ...call, type: 'trak' }] }),
      events: 3,
    },
  ]
}

/** Where the senders, the metrics and the database differ after all of that, a disk whose n-th calls fail, and a full one. */
async function differences(plants: Plant[], failing: number[]): Promise<{ told: Told; found: string[] }> {
  const root = mkdtempSync(join(tmpdir(), 'leadlight-books-'))
  const disk = misbehavingDisk(root, `${root}.control`)
  const file = join(root, 'leadlight.db')
  const { child, ready, end } = serve(file, { plants, env: { ...disk.env, LEADLIGHT_VISITOR_RATE: '120' } })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await end
    rmSync(root, { recursive: true, force: true })
  })
  const url = await ready
  const key = writeKeyOf(file)
  const told = nothingTold()

  async function send({ path = '/e', headers = {}, body, events }: Sent): Promise<number> {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { Origin: url, 'User-Agent': PERSON, ...headers },
      body,
    })
    const text = await answer.text()
    // Segment's clients are answered otherwise, and told the same.
    if (answer.status === 200) hear(told, { status: 202, body: resultOf(answer) }, events)
    else hear(told, { status: answer.status, body: text }, events)
    return answer.status
  }
  const all = (requests: Sent[]) => Promise.all(requests.map(send))
  const turns = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => everyKind(key, from + n)).flat()

  await all(turns(0, 10))
  for (const nth of failing) {
    disk.failAt(nth, nth % 2 ? 'EIO' : 'ENOSPC')
    const requests = everyKind(key, 100 + nth)
    await all(requests)
    await expect.poll(async () => (await ask(url, '/readyz')).status).toBe(200)
    await all(requests) // as clients do: what was kept the first time is a duplicate
  }
  disk.be('full')
  await all(turns(200, 205))
  disk.be('healthy')
  await expect.poll(async () => (await ask(url, '/readyz')).status).toBe(200)
  await all(turns(200, 205))
  return { told, found: imbalances(told, file, await scrape(url)) }
}

/** `accepted=2, duplicate=0, …` as the other clients are told it. */
function resultOf(answer: Response): string {
  const counts = (answer.headers.get('leadlight-result') ?? '').split(', ').map(count => count.split('='))
  const { dropped, ...result } = Object.fromEntries(counts.map(([name, count]) => [name, Number(count)]))
  return JSON.stringify({ ...result, dropped: Array.from({ length: dropped ?? 0 }) })
}

testWithDisk(
  'every request, every fault: what senders were told, what the metrics say and what is on disk agree to the unit',
  async () => {
    const { told, found } = await differences([POISON], [1, 2, 3, 7])
    expect(found).toEqual([])
    expect([...told.answers.keys()].toSorted((a, b) => a - b)).toEqual([202, 400, 401, 413, 415, 429, 503])
    for (const count of [told.duplicate, told.quarantined, told.dropped, told.answers.get(503)])
      expect(count).toBeGreaterThan(10)
  },
)

testWithDisk('planted: metrics that count what was refused, and this test finds them', async () => {
  const careless: Plant = {
    module: 'collector/http/metrics',
    find: "if ('refusal' in outcome)",
    replace: `if ('refusal' in outcome && outcome.refusal.code === 'overloaded') events.add('stored', 1)
      if ('refusal' in outcome)`,
  }
  const { found } = await differences([POISON, careless], [])
  expect(found).toEqual([expect.stringContaining('stored, by the metrics') as string])
})
