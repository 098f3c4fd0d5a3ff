import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { undo } from '../../sdk/listen.ts'
import { createQueue } from '../../sdk/queue.ts'
import { uuid } from '../../sdk/uuid.ts'
import type { Batch } from '../../shared/batch.ts'
import type { WireEvent } from '../../shared/event.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_767_225_600_000 }))
afterEach(() => void vi.useRealTimers())

const event = (type = 'x'): WireEvent => ({
  id: uuid(),
  type,
  at: Date.now(),
  view: uuid(),
  seq: 0,
  url: 'https://shop.example/lamps/42',
})

/** A queue, and what a network that answers when it is told to sees of it. */
function open(ready = () => true) {
  const requests: {
    batch: Batch
    answer: (status?: number, headers?: Record<string, string>, text?: string) => Promise<void>
  }[] = []
  const sent: [Batch, unknown][] = []
  const [add, flush, , clear] = createQueue(
    'wk_test',
    body =>
      new Promise(answered => {
        const answer = async (status = 202, headers = {}, text = '{"accepted":1}') => {
          answered(status ? new Response(text, { status, headers }) : undefined)
          await vi.advanceTimersByTimeAsync(0)
        }
        requests.push({ batch: JSON.parse(body) as Batch, answer })
      }),
    () => (ready() ? { sent_at: Date.now() } : undefined),
    (batch, result) => void sent.push([batch, result]),
  )
  const stop = () => undo.splice(0).forEach(each => each())
  const queue = { add, flush, retry: () => flush(Infinity), clear, stop }
  return { queue, requests, sent, types: () => requests.map(({ batch }) => batch.events.map(each => each.type)) }
}

test('events linger for a second, and a flush takes all', () => {
  const { queue, types } = open()
  queue.add(event('a'), 'v')
  vi.advanceTimersByTime(600)
  queue.add(event('b'), 'v')
  vi.advanceTimersByTime(399)
  expect(types()).toEqual([])
  vi.advanceTimersByTime(1)
  expect(types()).toEqual([['a', 'b']])
  queue.add(event('c'), 'v')
  queue.flush()
  expect(types()[1]).toEqual(['c'])
  vi.advanceTimersByTime(60_000)
  expect(types()).toHaveLength(2)
})

test('no batch of ordinary events is too large to be sent from a page being left, whatever they are written in', () => {
  const { queue, requests } = open()
  for (let n = 0; n < 400; n++) queue.add({ ...event(), title: '灯'.repeat(n % 100) }, 'v')
  queue.flush()
  expect(requests.flatMap(({ batch }) => batch.events)).toHaveLength(400)
  for (const { batch } of requests) {
    expect(new TextEncoder().encode(JSON.stringify(batch)).length).toBeLessThan(56 * 1024)
  }
})

test('a batch is sealed with its visitor: what waits is not re-labelled', () => {
  const { queue, requests } = open()
  queue.add(event('a'), 'ada')
  queue.add(event('b'), 'bo')
  queue.add(event('c'), 'bo')
  queue.flush()
  expect(requests.map(({ batch }) => [batch.visitor, batch.events.map(each => each.type)])).toEqual([
    ['ada', ['a']],
    ['bo', ['b', 'c']],
  ])
})

test('a batch in flight is not sent again, however often the page is hidden and shown', async () => {
  const { queue, requests, types } = open()
  queue.add(event('a'), 'v')
  for (let flushes = 0; flushes < 5; flushes++) queue.flush()
  queue.add(event('b'), 'v')
  queue.flush()
  expect(types()).toEqual([['a'], ['b']])
  await requests[0]!.answer()
  queue.flush()
  expect(types()).toHaveLength(2)
})

test.for([0, 429, 500, 503])('after a %i, it is sent again as it was, with a new time of sending', async status => {
  const { queue, requests } = open()
  queue.add(event('a'), 'v')
  queue.flush()
  await requests[0]!.answer(status)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(requests).toHaveLength(2)
  const [first, second] = requests.map(({ batch }) => batch) as [Batch, Batch]
  expect(second.events).toEqual(first.events)
  expect(second.sent_at).toBeGreaterThan(first.sent_at)
})

test.for([400, 401, 403, 404, 413, 415])('after a %i, it is dropped, and told', async status => {
  const { queue, requests, sent } = open()
  queue.add(event('a'), 'v')
  queue.flush()
  await requests[0]!.answer(status, {}, JSON.stringify({ status, detail: 'why' }))
  await vi.advanceTimersByTimeAsync(600_000)
  expect(requests).toHaveLength(1)
  expect(sent.map(([, result]) => result)).toEqual([{ status, detail: 'why' }])
})

test('an event larger than a batch is alone in one: refused, it costs no other', async () => {
  const { queue, requests, types } = open()
  queue.add(event('a'), 'v')
  queue.add({ ...event('large'), title: 'x'.repeat(600_000) }, 'v')
  queue.add(event('b'), 'v')
  queue.flush()
  expect(types()).toEqual([['a'], ['large'], ['b']])
  await requests[1]!.answer(413)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(requests).toHaveLength(3)
})

test('the wait doubles, with jitter, and ends after nine failures; a new connection begins anew', async () => {
  const { queue, requests } = open()
  queue.add(event('a'), 'v')
  queue.flush()
  const waits: number[] = []
  for (let failures = 1; failures < 9; failures++) {
    const failed = Date.now()
    await requests.at(-1)!.answer(0)
    await vi.advanceTimersToNextTimerAsync()
    waits.push((Date.now() - failed) / 2 ** failures)
    expect(requests).toHaveLength(failures + 1)
  }
  for (const wait of waits) {
    expect(wait).toBeGreaterThanOrEqual(499)
    expect(wait).toBeLessThanOrEqual(1_001)
  }
  expect(new Set(waits.map(Math.round)).size).toBeGreaterThan(2)
  await requests.at(-1)!.answer(0)
  await vi.advanceTimersByTimeAsync(24 * 3_600_000)
  queue.add(event('b'), 'v')
  queue.flush()
  expect(requests).toHaveLength(9)
  queue.retry()
  expect(requests.at(-1)!.batch.events.map(each => each.type)).toEqual(['a', 'b'])
})

test('a success begins the count anew', async () => {
  const { queue, requests } = open()
  for (let rounds = 0; rounds < 3; rounds++) {
    queue.add(event(), 'v')
    queue.flush()
    for (let failures = 0; failures < 5; failures++) {
      await requests.at(-1)!.answer(503)
      await vi.advanceTimersToNextTimerAsync()
    }
    await requests.at(-1)!.answer()
  }
  expect(requests).toHaveLength(3 * 6)
})

test('Retry-After is kept to, whatever else happens; a date there is taken for nothing', async () => {
  const { queue, requests } = open()
  queue.add(event('a'), 'v')
  queue.flush()
  await requests[0]!.answer(429, { 'retry-after': '30' })
  for (let n = 0; n < 12; n++) queue.add(event(), 'v')
  queue.flush()
  await vi.advanceTimersByTimeAsync(29_999)
  expect(requests).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(requests).toHaveLength(2)
  await requests[1]!.answer(503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' })
  await vi.advanceTimersByTimeAsync(4_000)
  expect(requests).toHaveLength(3)
})

test('whoever leaves tries a network that failed once more, but not a collector that asked for a pause', async () => {
  const { queue, requests } = open()
  queue.add(event('a'), 'v')
  queue.flush()
  await requests[0]!.answer(0)
  queue.flush()
  expect(requests).toHaveLength(1)
  queue.flush(1)
  expect(requests).toHaveLength(2)
  await requests[1]!.answer(503, { 'retry-after': '30' })
  queue.flush(1)
  expect(requests).toHaveLength(2)
  // It goes on trying by itself.
  await vi.advanceTimersByTimeAsync(30_000)
  expect(requests).toHaveLength(3)
})

test('at most 200 events wait, the newest of them', async () => {
  const { queue, requests } = open()
  queue.add(event('0'), 'v')
  queue.flush()
  await requests[0]!.answer(0)
  for (let n = 1; n < 500; n++) queue.add(event(`${n}`), 'v')
  await vi.advanceTimersByTimeAsync(0)
  queue.retry()
  const kept = requests.slice(1).flatMap(({ batch }) => batch.events.map(each => Number(each.type)))
  expect(kept.length).toBeLessThanOrEqual(200)
  expect(kept.length).toBeGreaterThan(120)
  expect(kept.at(-1)).toBe(499)
  expect(kept).toEqual(kept.toSorted((a, b) => a - b))
})

test('nothing is sent before it may be; then all of it is', () => {
  let ready = false
  const { queue, types } = open(() => ready)
  queue.add(event('a'), 'v')
  vi.advanceTimersByTime(60_000)
  queue.flush()
  queue.retry()
  expect(types()).toEqual([])
  ready = true
  queue.add(event('b'), 'v')
  queue.flush()
  expect(types()).toEqual([['a', 'b']])
})

test('an answer is told with its batch', async () => {
  const { queue, requests, sent } = open()
  queue.add(event('a'), 'v')
  queue.flush()
  await requests[0]!.answer()
  expect(sent).toEqual([[requests[0]!.batch, { accepted: 1 }]])
})

test.for([
  [200, '<html>'],
  [400, ''],
  [0, ''],
] as const)('an answer of status %i that is no JSON is told as its status', async ([status, text]) => {
  const { queue, requests, sent } = open()
  queue.add(event('a'), 'v')
  queue.flush()
  await requests[0]!.answer(status, {}, text)
  expect(sent.map(([, result]) => result)).toEqual([{ status }])
})

test('cleared and stopped, nothing is left to send', () => {
  const { queue, requests } = open()
  queue.add(event('a'), 'v')
  queue.clear()
  queue.flush()
  queue.add(event('b'), 'v')
  queue.stop()
  vi.advanceTimersByTime(60_000)
  expect(requests).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
