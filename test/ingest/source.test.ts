import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromCells, toCell } from '../../collector/ingest/line-csv.ts'
import { csvLines, ndjsonLines, START, type SourceLine } from '../../collector/ingest/source.ts'

/** Bytes in pieces of some size, as a file or a socket gives them. */
async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function all(lines: AsyncIterable<SourceLine[]>): Promise<SourceLine[]> {
  const found: SourceLine[] = []
  for await (const some of lines) found.push(...some)
  return found
}

const word = fc.string({ unit: 'binary', maxLength: 12 })
const size = fc.integer({ min: 1, max: 40 })

/** Whatever of a source was taken, the rest follows from where it ended. */
function expectContinued(whole: SourceLine[], rest: SourceLine[], taken: number): void {
  expect(rest.map(({ number, given, end }) => ({ number, given, end }))).toEqual(
    whole.slice(taken).map(({ number, given, end }) => ({ number, given, end })),
  )
}

describe('a source is taken up again where it was left, however it comes in pieces', () => {
  test('NDJSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(word, fc.constant(null)), { minLength: 1, maxLength: 8 }),
        size,
        fc.nat(),
        async (words, chunk, cut) => {
          const bytes = Buffer.from(words.map(text => (text === null ? '' : JSON.stringify({ text }))).join('\n'))
          const whole = await all(ndjsonLines(inChunks(bytes, chunk), START))
          expect(whole.map(({ given }) => given)).toEqual(
            words.filter(text => text !== null).map(text => ({ text: Buffer.from(text).toString() })),
          )
          const taken = whole.length === 0 ? 0 : cut % whole.length
          const end = whole[taken - 1]?.end ?? START
          const rest = await all(ndjsonLines(inChunks(bytes.subarray(end.bytes), chunk), end))
          expectContinued(whole, rest, taken)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('CSV', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 8 }),
        size,
        fc.nat(),
        async (rows, chunk, cut) => {
          const header = ['kind', 'note', 'ünï']
          const texts = rows.map(row => row.map(text => `:${Buffer.from(text).toString()}`))
          const cells = texts.map(row => ['event', ...row])
          const bytes = Buffer.from(
            `\uFEFF${stringify([header, ...cells], { record_delimiter: 'windows', quoted: chunk % 2 === 0, quoted_match: /[\r\n]/ })}`,
          )
          const whole = await all(csvLines(inChunks(bytes, chunk), START, null))
          expect(whole.map(({ given }) => given)).toEqual(
            texts.map(([note, other]) => ({
              kind: 'event',
              note,
              ünï: other,
            })),
          )
          const taken = cut % whole.length
          if (taken === 0) return
          const { end } = whole[taken - 1]!
          const rest = await all(csvLines(inChunks(bytes.subarray(end.bytes), chunk), end, header))
          expectContinued(whole, rest, taken)
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('a cell gives back what it was made of, and none is a formula', () => {
  fc.assert(
    fc.property(
      fc.jsonValue().map(value => JSON.parse(JSON.stringify(value)) as unknown),
      value => {
        const cell = toCell(value)
        expect(typeof value === 'number' || !/^[=+\-@\t\r]/.test(cell)).toBe(true)
        if (value !== null) expect(fromCells(['note'], [cell])).toEqual({ note: value })
      },
    ),
    { numRuns: 1_000 },
  )
})

test('columns of properties and traits by name', () => {
  const columns = ['kind', 'properties.item_id', 'properties.price', 'traits.zip']
  expect(fromCells(columns, ['event', 'A1', '340', '0150'])).toEqual({
    kind: 'event',
    properties: { item_id: 'A1', price: 340 },
    traits: { zip: '0150' },
  })
})

test('what is no line is told, and costs no other', async () => {
  const ndjson = Buffer.concat([Buffer.from('{"a":1}\n{"a":\n'), Buffer.from([0xff, 0x0a]), Buffer.from('{"a":2}\n')])
  expect((await all(ndjsonLines(inChunks(ndjson, 3), START))).map(({ number, wrong }) => [number, wrong])).toEqual([
    [1, undefined],
    [2, 'line: is not JSON'],
    [3, 'line: is not UTF-8'],
    [4, undefined],
  ])
  const long = Buffer.concat([Buffer.alloc(5_000_000, 0x20), Buffer.from('7\n{"a":2}')])
  expect((await all(ndjsonLines(inChunks(long, 100_000), START))).map(({ wrong, given }) => wrong ?? given)).toEqual([
    'line: is longer than 4194304 bytes',
    { a: 2 },
  ])
  const csv = Buffer.from('kind,note\nevent,a\nevent,b,c\nevent,"d"x\nevent,e\n')
  expect(
    (await all(csvLines(inChunks(csv, 5), START, null))).map(({ wrong, given }) => wrong?.slice(0, 30) ?? given),
  ).toEqual([
    { kind: 'event', note: 'a' },
    'line: has another number of ce',
    'line: has a quote in the wrong',
    { kind: 'event', note: 'e' },
  ])
})
