import { expect, test } from 'vitest'
import { createStudies } from '../../collector/reports/study.ts'

/** Something that is told from outside how far it is, and ends when it is told to. */
function question() {
  let tell: (share: number) => void = () => {}
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let asked = 0
  return {
    asked: () => asked,
    at: (share: number) => tell(share),
    answer: resolve,
    fail: reject,
    find: (told: (share: number) => void) => {
      asked++
      tell = told
      return promise
    },
  }
}

const soon = { lasts: () => 1_000, patience: 1 }
const aMoment = () => new Promise(resolve => setTimeout(resolve, 5))

test('whoever asks gets how far it is, and then the answer; it is found once for all', async () => {
  const ask = createStudies<string>(() => 0, soon)
  const long = question()
  expect(await ask('a', long.find)).toMatchObject({ done: 0, result: null })
  long.at(0.4)
  expect(await ask('a', long.find)).toMatchObject({ done: 0.4, result: null })
  long.at(1)
  expect((await ask('a', long.find)).done).toBeLessThan(1)
  long.answer('yes')
  expect(await ask('a', long.find)).toMatchObject({ done: 1, result: 'yes' })
  expect(long.asked()).toBe(1)
})

test('an answer is good for its time', async () => {
  let now = 0
  const ask = createStudies<string>(() => now, { lasts: () => 100, patience: 1 })
  expect((await ask('a', async () => 'old')).result).toBe('old')
  now = 99
  expect((await ask('a', async () => 'new')).result).toBe('old')
  now = 100
  expect((await ask('a', async () => 'new')).result).toBe('new')
})

test('one after another, also after a fault; which is told, and forgotten', async () => {
  const ask = createStudies<string>(() => 0, soon)
  const [first, second] = [question(), question()]
  await ask('a', first.find)
  await ask('b', second.find)
  expect(second.asked()).toBe(0)
  const told = ask('a', first.find)
  first.fail(new Error('disk'))
  await expect(told).rejects.toThrow('disk')
  await aMoment()
  expect(second.asked()).toBe(1)
  second.answer('b')
  expect((await ask('b', second.find)).result).toBe('b')
  expect((await ask('a', async () => 'again')).result).toBe('again')
})
