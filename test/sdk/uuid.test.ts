import { afterEach, expect, test, vi } from 'vitest'
import { uuid } from '../../sdk/uuid.ts'

afterEach(() => void vi.useRealTimers())

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test.for([0, 1, 1_767_225_600_000, 2 ** 48 - 1])('at %i ms, it is a UUID of version 7 that tells the time', now => {
  vi.useFakeTimers({ now })
  const id = uuid()
  expect(id).toMatch(VERSION_7)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now)
})

test('ids of one millisecond sort as they were minted, and none comes twice', () => {
  vi.useFakeTimers({ now: 1_767_225_600_000 })
  // The running number has 12 bits: an order holds for as many ids as one page can mint in a millisecond.
  while (uuid().slice(15, 18) !== 'fff');
  const ids = Array.from({ length: 4_096 }, uuid)
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(4_096)
})
