// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Emit } from '../../sdk/emit.ts'
import { watchEngagement } from '../../sdk/engagement.ts'
import { undo } from '../../sdk/listen.ts'

const HOUR = 3_600_000
let asleep = 0

beforeEach(() => {
  vi.useFakeTimers()
  asleep = 0
  const { now } = performance
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + asleep + 1)
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
})
const stop = () => undo.splice(0).forEach(each => each())
afterEach(() => {
  stop()
  vi.useRealTimers()
})

function watch() {
  const said: number[] = []
  const emit: Emit = (_, properties) => void said.push(properties!['engaged_ms'] as number)
  const next = watchEngagement(emit)
  next()
  return { said, next }
}

test('a machine that slept with the page open was not reading it, whoever comes first: the timer or the hand', () => {
  const { said, next } = watch()
  vi.advanceTimersByTime(10_000)
  asleep = 8 * HOUR
  dispatchEvent(new Event('pointermove'))
  expect(said).toEqual([30_000])
  vi.advanceTimersByTime(5_000)
  next()
  expect(said).toEqual([30_000, 35_000])
})

test('nothing is said twice, and nothing for no time', () => {
  const { said, next } = watch()
  next()
  expect(said).toEqual([])
  const second = watch()
  vi.advanceTimersByTime(4_000)
  dispatchEvent(new Event('pagehide'))
  dispatchEvent(new Event('pagehide'))
  second.next()
  second.next()
  expect(second.said).toEqual([4_000])
  stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('losing the focus within the page is a sign of life, losing that of the window an end', () => {
  const { said, next } = watch()
  vi.advanceTimersByTime(20_000)
  dispatchEvent(new Event('blur'))
  vi.advanceTimersByTime(20_000)
  expect(said).toEqual([])
  vi.mocked(document.hasFocus).mockReturnValue(false)
  dispatchEvent(new Event('blur'))
  expect(said).toEqual([40_000])
  vi.advanceTimersByTime(HOUR)
  vi.mocked(document.hasFocus).mockReturnValue(true)
  dispatchEvent(new Event('focus'))
  vi.advanceTimersByTime(2_000)
  next()
  expect(said).toEqual([40_000, 42_000])
})
