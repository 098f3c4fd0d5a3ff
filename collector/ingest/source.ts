import { parse } from 'csv-parse'
import { fromCells } from './line-csv.ts'

/** A line of a source: what it says, or why it cannot be read. */
export interface SourceLine {
  /** From 1, as an editor counts. */
  number: number
  /** Bytes of the source up to its end. */
  end: number
  text: string
  /** What it says; `undefined` when it cannot be read. */
  given: unknown
  /** Why not. */
  wrong?: string
}

/** Where a source is taken up again. */
export interface Place {
  lines: number
  bytes: number
}

/** Bytes of a line: what an event of 32 KiB, or a model, takes at most, several times over. */
const MAX_LINE = 4 * 1024 * 1024
const NEWLINE = 10
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** The lines of NDJSON, a list for each chunk. Empty ones are passed over. */
export async function* ndjsonLines(chunks: AsyncIterable<Uint8Array>, from: Place): AsyncGenerator<SourceLine[]> {
  let rest: Buffer[] = []
  let held = 0
  let tooLong = false
  let { lines, bytes } = from

  const finish = (line: Buffer): SourceLine | null => {
    lines++
    if (tooLong || line.length > MAX_LINE) {
      tooLong = false
      return { number: lines, end: bytes, text: '', given: undefined, wrong: `line: is longer than ${MAX_LINE} bytes` }
    }
    return jsonLine(line, lines, bytes)
  }

  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const found: SourceLine[] = []
    let start = 0
    for (let end = buffer.indexOf(NEWLINE); end !== -1; end = buffer.indexOf(NEWLINE, start)) {
      const piece = buffer.subarray(start, end)
      bytes += end + 1 - start
      const line = finish(rest.length > 0 ? Buffer.concat([...rest, piece]) : piece)
      if (line) found.push(line)
      rest = []
      held = 0
      start = end + 1
    }
    bytes += buffer.length - start
    held += buffer.length - start
    if (held > MAX_LINE) {
      tooLong = true
      rest = []
    } else if (start < buffer.length) rest.push(Buffer.from(buffer.subarray(start)))
    // What of a line is held is not done yet.
    if (found.length > 0) yield found
  }
  if (held > 0) {
    const line = finish(Buffer.concat(rest))
    if (line) yield [line]
  }
}

function jsonLine(line: Buffer, number: number, end: number): SourceLine | null {
  const at = { number, end }
  let text = ''
  try {
    text = UTF8.decode(line).trim()
  } catch {
    return { ...at, text, given: undefined, wrong: 'line: is not UTF-8' }
  }
  if (text === '') return null
  try {
    return { ...at, text, given: JSON.parse(text) }
  } catch {
    return { ...at, text, given: undefined, wrong: 'line: is not JSON' }
  }
}

/** The rows of CSV (RFC 4180) with a header; `header` is given when it is taken up again further on. */
export async function* csvLines(
  chunks: AsyncIterable<Uint8Array>,
  from: Place,
  header: string[] | null,
): AsyncGenerator<SourceLine[]> {
  const parser = parse({
    bom: true,
    columns: header ?? true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_LINE,
  })
  let found: SourceLine[] = []
  parser.on('skip', (error: { lines?: number; bytes?: number; code?: string } | undefined) => {
    const number = from.lines + (error?.lines ?? 0)
    found.push({
      number,
      end: from.bytes + (error?.bytes ?? 0),
      text: '',
      given: undefined,
      wrong: `line: is no CSV (${error?.code})`,
    })
  })
  void feed(chunks, parser)
  for await (const item of parser as AsyncIterable<{ record: Record<string, string>; info: CsvInfo }>) {
    const { record, info } = item
    const number = from.lines + info.lines
    const wrong =
      info.error?.code === 'CSV_RECORD_INCONSISTENT_COLUMNS'
        ? 'line: has another number of cells than the header'
        : undefined
    const text = JSON.stringify(record)
    found.push({
      number,
      end: from.bytes + info.bytes,
      text,
      given: wrong ? undefined : fromCells(record),
      ...(wrong && { wrong }),
    })
    if (found.length >= 1_000) {
      yield found
      found = []
    }
  }
  if (found.length > 0) yield found
}

interface CsvInfo {
  lines: number
  bytes: number
  error?: { code: string }
}

async function feed(chunks: AsyncIterable<Uint8Array>, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (!parser.write(chunk)) await new Promise(resolve => parser.once('drain', resolve))
    }
    parser.end()
  } catch (error) {
    parser.destroy(error as Error)
  }
}
