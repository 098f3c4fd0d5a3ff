// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { listen } from '../../sdk/listen.ts'

test('the latest listener hears first, one that throws stops nobody, and who has stopped hears nothing', () => {
  const heard: string[] = []
  const undo = [
    listen('click', () => heard.push('first')),
    listen('click keydown', () => {
      heard.push('second')
      throw new Error('of no concern to the page')
    }),
    listen('click', () => heard.push('third')),
  ]
  dispatchEvent(new Event('click'))
  expect(heard).toEqual(['third', 'second', 'first'])
  undo[1]!()
  dispatchEvent(new Event('click'))
  dispatchEvent(new Event('keydown'))
  expect(heard.slice(3)).toEqual(['third', 'first'])
  for (const each of undo) each()
  dispatchEvent(new Event('click'))
  expect(heard).toHaveLength(5)
})

test('one may begin or stop listening while being called', () => {
  const heard: string[] = []
  const stop = listen('click', () => {
    heard.push('old')
    stop()
    listen('click', () => heard.push('new'))
  })
  dispatchEvent(new Event('click'))
  dispatchEvent(new Event('click'))
  expect(heard).toEqual(['old', 'new'])
})

test('there is one listener a kind on the window, while anyone listens', () => {
  const added = vi.spyOn(window, 'addEventListener')
  const removed = vi.spyOn(window, 'removeEventListener')
  const undo = [listen('input', () => {}), listen('input', () => {})]
  expect(new Set(added.mock.calls.map(([, listener]) => listener)).size).toBe(1)
  expect(added.mock.calls.every(([, , options]) => (options as AddEventListenerOptions).passive)).toBe(true)
  undo[0]!()
  expect(removed).not.toHaveBeenCalled()
  undo[1]!()
  expect(removed.mock.calls).toEqual([['input', added.mock.calls[0]![1], true]])
})
