import { expect, test } from 'vitest'
import { testCollector, wireEvent } from '../collector.ts'

test('what is missing between the events of a view is reported as lost', async () => {
  const collector = await testCollector()
  for (const seq of [0, 1, 3]) {
    await collector.send({ events: [wireEvent('scroll', { view: 'v1', seq })] })
    collector.advance(10)
  }
  await collector.send({ events: [wireEvent('scroll')] })
  const { loss, ...counts } = await collector.ask<{ loss: object }>('/v1/reports/delivery')
  expect(counts).toEqual({ from: null, to: null, views: 1, received: 3, missing: 1 })
  expect(loss).toMatchObject({ rate: 1 / 3, of: 3, few: true })
  await collector.close()
})
