import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLive } from '../../collector/ingest/live.ts'
import type { Arrival } from '../../collector/store/store.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { PATIENCE } from '../patience.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
})
afterAll(() => collector.close())

interface Told {
  event: string
  data: { id: string; lead: string | null; type: string }
}

/** What is told, one by one. */
async function* listenTo(url: string, over: AbortSignal): AsyncGenerator<Told> {
  const answer = await fetch(`${url}/v1/live`, { headers: { Authorization: `Bearer ${ADMIN_KEY}` }, signal: over })
  expect(answer.headers.get('Content-Type')).toBe('text/event-stream')
  let text = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const frames = text.split('\n\n')
    text = frames.pop() ?? ''
    for (const frame of frames) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(frame) ?? []
      if (event && data) yield { event, data: JSON.parse(data) as Told['data'] }
    }
  }
}

test('GET /v1/live tells of events as they are stored, once each, and whose they are', async () => {
  const over = new AbortController()
  const told = listenTo(collector.url, over.signal)
  const first = told.next()
  const [one, two] = [wireEvent('page_view', { url: 'https://shop.example/' }), wireEvent('add_to_cart')]
  // The line is open some time after it was asked for: until then nobody is told.
  const sending = setInterval(() => void collector.send({ events: [one] }), 50)
  const heard = (await Promise.race([first, new Promise<never>((_, reject) => setTimeout(reject, PATIENCE))])) as {
    value: Told
  }
  clearInterval(sending)
  const fresh = heard.value.data.id
  expect(heard.value).toMatchObject({ event: 'event', data: { type: 'page_view', lead: expect.any(String) as string } })
  await collector.send({ events: [two] })
  const next = (await told.next()).value as Told
  expect(next.data.id).toBe(two.id)
  expect(next.data.id).not.toBe(fresh)
  over.abort()
  await told.next().catch(() => {})
})

test('an open line does not keep the collector from closing', async () => {
  const another = await testCollector()
  const over = new AbortController()
  const told = listenTo(another.url, over.signal)
  const end = told.next().catch(() => ({ done: true }))
  await another.send({ events: [wireEvent('page_view')] })
  await another.close()
  expect((await end).done ?? true).toBeDefined()
})

test('nobody is told of what was not kept, of another site, or twice', async () => {
  const event = (id: string) =>
    ({ id, type: 'page_view', at: 0, rawAt: 0, properties: {}, provenance: 'browser', mark: null }) as const
  const arrival = (site: number, id: string): Arrival => ({
    site,
    visitor: 'v',
    receivedAt: 0,
    events: [event(id)],
    quarantined: [],
  })
  const live = createLive(async ({ events }) => {
    if (events[0]?.id === 'lost') throw new Error('not kept')
    return { stored: 1, duplicate: 0, quarantined: 0 }
  })
  const heard: string[] = []
  const stop = live.listen(
    1,
    (_, { id }) => heard.push(id),
    () => {},
  )
  await live.commit(arrival(1, 'a'), 1)
  await live.commit(arrival(2, 'b'), 1)
  await live.commit(arrival(1, 'lost'), 1).catch(() => {})
  await live.commit(arrival(1, 'a'), 1)
  expect(heard).toEqual(['a'])
  stop()
  await live.commit(arrival(1, 'c'), 1)
  expect(heard).toEqual(['a'])
})
