// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { adoptOutboxes, clearOutboxes, outboxKey, writeOutbox, type Sealed } from '../../sdk/outbox.ts'

const NOW = 1_767_225_600_000

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  localStorage.clear()
  localStorage.setItem('cart', 'of the shop')
  localStorage.setItem('leadlight', 'the visitor')
})

const sealed = (type: string, at: number): Sealed => ({
  v: 1,
  key: 'k',
  visitor: 'v',
  events: [{ id: type, type, at }],
})

function adopted(own = outboxKey()): string[] {
  const types: string[] = []
  adoptOutboxes(own, batches => types.push(...batches.flatMap(({ events }) => events.map(each => each.type))))
  vi.advanceTimersByTime(0)
  return types
}

test('each page has a key of its own, gone when nothing waits', () => {
  const [one, other] = [outboxKey(), outboxKey()]
  writeOutbox(one, [sealed('a', NOW)])
  writeOutbox(other, [sealed('b', NOW)])
  expect(JSON.parse(localStorage.getItem(one)!)).toEqual([sealed('a', NOW)])
  writeOutbox(one, [])
  expect(Object.keys(localStorage).toSorted()).toEqual(['cart', 'leadlight', other])
})

test('what pages left more than ten seconds ago is taken over, once; the living and one’s own stay', () => {
  const own = outboxKey()
  writeOutbox(own, [sealed('own', NOW - 60_000)])
  writeOutbox(outboxKey(), [sealed('alive', NOW - 9_000)])
  writeOutbox(outboxKey(), [sealed('left', NOW - 11_000)])
  expect(adopted(own)).toEqual(['left'])
  expect(adopted(own)).toEqual([])
  expect(Object.keys(localStorage)).toHaveLength(4)
})

test('what was left a moment ago is taken over ten seconds later, on the same page', () => {
  writeOutbox(outboxKey(), [sealed('left', NOW)])
  const types = adopted()
  vi.advanceTimersByTime(9_999)
  expect(types).toEqual([])
  vi.advanceTimersByTime(1)
  expect(types).toEqual(['left'])
})

test('nonsense under a key of ours harms nobody', () => {
  for (const nonsense of ['', '{', 'null', '[]', '[{}]', '[{"events":[]}]', '"text"']) {
    localStorage.setItem(outboxKey(), nonsense)
  }
  writeOutbox(outboxKey(), [sealed('left', NOW - 60_000)])
  expect(adopted()).toEqual(['left'])
})

test('two pages adopt one after the other, under a lock that is not kept', async () => {
  const held: string[] = []
  const locks = {
    request: async (name: string, work: () => unknown) => {
      held.push(name)
      await work()
      held.pop()
    },
  }
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
  writeOutbox(outboxKey(), [sealed('left', NOW - 60_000)])
  const types: string[] = []
  adoptOutboxes(outboxKey(), batches => {
    expect(held).toEqual(['leadlight'])
    types.push(batches[0]!.events[0]!.type)
  })
  await vi.advanceTimersByTimeAsync(0)
  expect([types, held]).toEqual([['left'], []])
  locks.request = () => Promise.reject(new DOMException('opaque origin', 'SecurityError'))
  writeOutbox(outboxKey(), [sealed('again', NOW - 60_000)])
  adoptOutboxes(outboxKey(), batches => types.push(batches[0]!.events[0]!.type))
  await vi.advanceTimersByTimeAsync(0)
  expect(types).toEqual(['left', 'again'])
  Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
})

test('clearing takes every page’s, and nothing else', () => {
  writeOutbox(outboxKey(), [sealed('a', NOW)])
  writeOutbox(outboxKey(), [sealed('b', NOW)])
  clearOutboxes()
  expect(Object.keys(localStorage).toSorted()).toEqual(['cart', 'leadlight'])
})

test('storage that throws is no storage', () => {
  vi.stubGlobal('localStorage', undefined)
  expect(() => {
    writeOutbox('leadlight:x', [sealed('a', NOW)])
    clearOutboxes()
  }).not.toThrow()
  expect(adopted()).toEqual([])
  vi.unstubAllGlobals()
})
