// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { listen, undo } from '../../sdk/listen.ts'

const stop = () => undo.splice(0).forEach(each => each())
afterEach(stop)

test('the latest listener hears first, one that throws stops nobody, and once all is undone nobody hears anything', () => {
  const heard: string[] = []
  listen('click', () => heard.push('first'))
  listen('click keydown', () => {
    heard.push('second')
    throw new Error('of no concern to the page')
  })
  listen('click', () => heard.push('third'))
  dispatchEvent(new Event('click'))
  expect(heard).toEqual(['third', 'second', 'first'])
  stop()
  dispatchEvent(new Event('click'))
  dispatchEvent(new Event('keydown'))
  expect(heard).toHaveLength(3)
})

test('one may stop everything while being called, and begin again', () => {
  const heard: string[] = []
  listen('click', () => {
    heard.push('old')
    stop()
    listen('click', () => heard.push('new'))
  })
  dispatchEvent(new Event('click'))
  dispatchEvent(new Event('click'))
  expect(heard).toEqual(['old', 'new'])
})

test('there is one listener a kind on the window, passive, while anyone listens', () => {
  const added = vi.spyOn(window, 'addEventListener')
  const removed = vi.spyOn(window, 'removeEventListener')
  listen('input', () => {})
  listen('input', () => {})
  expect(new Set(added.mock.calls.map(([, listener]) => listener)).size).toBe(1)
  expect(added.mock.calls.every(([, , options]) => (options as AddEventListenerOptions).passive)).toBe(true)
  expect(removed).not.toHaveBeenCalled()
  stop()
  expect(removed).toHaveBeenCalledWith('input', added.mock.calls[0]![1], true)
})
