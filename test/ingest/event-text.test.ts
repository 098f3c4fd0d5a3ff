import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOut } from '../../collector/ingest/event-text.ts'

const slices = (text: string) => layOut(text).events.map(({ start, end }) => text.slice(start, end))

test.each([
  ['{"events":[]}', []],
  ['{"events":[ ]}', []],
  ['{"events":[1]}', ['1']],
  ['{ "events" : [ {"a":[1,2]} ,\n"]" , null ]}', ['{"a":[1,2]}', '"]"', 'null']],
  ['{"a":{"events":[1]},"events":[2]}', ['2']],
  ['{"a":["events",[1]],"events":[2]}', ['2']],
  ['{"events":[1],"events":[2,3]}', ['2', '3']],
  ['{"\\u0065vents":[1]}', ['1']],
  ['{"a\\"events":[1],"events":["\\\\"]}', ['"\\\\"']],
  ['{"events":{"a":[1]}}', []],
])('%s', (text, events) => expect(slices(text)).toEqual(events))

test.each([
  ['{"events":[1]}', [0], 1],
  ['{"events":[{}]}', [1], 1],
  ['{"events":[{"a":[[]]},{}]}', [3, 1], 1],
  ['{"a":[[[]]],"events":[]}', [], 4],
  ['{"events":[[[[]]]],"events":[]}', [], 5],
])('how deep: %s', (text, depths, elsewhere) => {
  const { events, depth } = layOut(text)
  expect([events.map(span => span.depth), depth]).toEqual([depths, elsewhere])
})

test('finds what JSON.parse finds, in any JSON', () => {
  const key = fc.constantFrom('events', 'a', 'event', '', '"', '\\')
  const object = fc.dictionary(key, fc.oneof({ weight: 3, arbitrary: fc.array(fc.jsonValue()) }, fc.jsonValue()))
  fc.assert(
    fc.property(object, fc.constantFrom('', ' ', '\n\t'), fc.boolean(), (batch, indent, escaped) => {
      const plain = JSON.stringify(batch, null, indent)
      const text = escaped ? plain.replaceAll('"events"', '"\\u0065vents"') : plain
      const events: unknown = (JSON.parse(text) as Record<string, unknown>)['events']
      expect(slices(text).map(slice => JSON.parse(slice) as unknown)).toEqual(Array.isArray(events) ? events : [])
    }),
    { numRuns: 1_000 },
  )
})

test('and never throws, nor runs on, whatever it is given', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '"events"', ' ', '1')), parts => {
      const text = parts.join('')
      for (const { start, end } of layOut(text).events) expect(start < end && end <= text.length).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
