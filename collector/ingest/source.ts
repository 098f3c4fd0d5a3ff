import { fromCells, readRow } from './line-csv.ts'

/** A line of a source: what it says, or why it cannot be read. */
export interface SourceLine {
  /** Where it begins, from 1, as an editor counts. */
  number: number
  /** What of the source is done with it. */
  end: Place
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

export const START: Place = { lines: 0, bytes: 0 }

/** Bytes of a line: what a model, the largest of all, takes at most, several times over. */
const MAX_LINE = 4 * 1024 * 1024
const NEWLINE = 10
const QUOTE = 34
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The lines of NDJSON, a list for each chunk. Empty ones are passed over. */
export async function* ndjsonLines(chunks: AsyncIterable<Uint8Array>, from: Place): AsyncGenerator<SourceLine[]> {
  for await (const pieces of split(chunks, from, false)) yield pieces.map(asJson).filter(line => line !== null)
}

/** The rows of CSV (RFC 4180) with a header; `header` is given when it is taken up again further on. */
export async function* csvLines(
  chunks: AsyncIterable<Uint8Array>,
  from: Place,
  header: readonly string[] | null = null,
): AsyncGenerator<SourceLine[]> {
  let columns = header
  for await (const pieces of split(chunks, from, true)) {
    const lines: SourceLine[] = []
    for (const piece of pieces) {
      const row = asRow(piece)
      if (row === null) continue
      const { cells, ...line } = row
      if (columns === null && cells) columns = cells
      else if (!cells) lines.push({ ...line, given: undefined })
      else if (cells.length !== columns?.length)
        lines.push({ ...line, given: undefined, wrong: 'line: has another number of cells than the header' })
      else lines.push({ ...line, text: asText(columns, cells), given: fromCells(columns, cells) })
    }
    yield lines
  }
}

/** A row by its columns, as JSON. */
const asText = (columns: readonly string[], cells: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(columns.map((column, place) => [column, cells[place]])))

/** The header of CSV that begins with some bytes. */
export async function headerOf(begin: Uint8Array): Promise<string[] | null> {
  for await (const [first] of split(once(begin), START, true)) if (first) return asRow(first)?.cells ?? null
  return null
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

interface Piece {
  number: number
  end: Place
  /** `null`: it is longer than anything can be. */
  bytes: Buffer | null
}

/** Cuts at the ends of lines, and not inside of quotes if those are `quoted`. */
async function* split(chunks: AsyncIterable<Uint8Array>, from: Place, quoted: boolean): AsyncGenerator<Piece[]> {
  let held: Buffer[] = []
  let size = 0
  let open = false
  let begun = from.lines
  let { lines, bytes } = from

  const cut = (last: Buffer): Piece => {
    const whole = size + last.length > MAX_LINE ? null : held.length > 0 ? Buffer.concat([...held, last]) : last
    const piece = { number: begun + 1, end: { lines, bytes }, bytes: whole }
    held = []
    size = 0
    begun = lines
    return piece
  }

  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const found: Piece[] = []
    let start = 0
    for (
      let at = quoted ? 0 : buffer.indexOf(NEWLINE);
      at >= 0 && at < buffer.length;
      at = quoted ? at + 1 : buffer.indexOf(NEWLINE, at + 1)
    ) {
      if (buffer[at] === QUOTE && quoted) open = !open
      if (buffer[at] !== NEWLINE) continue
      lines++
      if (open && size + at - start <= MAX_LINE) continue
      open = false
      bytes += at + 1 - start
      found.push(cut(buffer.subarray(start, at)))
      start = at + 1
    }
    const rest = buffer.length - start
    bytes += rest
    if (rest > 0 && size <= MAX_LINE) held.push(Buffer.from(buffer.subarray(start)))
    size += rest
    if (found.length > 0) yield found
  }
  if (size === 0) return
  lines++
  yield [cut(Buffer.alloc(0))]
}

/** The text of a piece without what a mark of byte order and the end of a line are, or why there is none. */
function textOf({ bytes }: Piece): { text: string; wrong?: string } {
  if (bytes === null) return { text: '', wrong: `line: is longer than ${MAX_LINE} bytes` }
  try {
    return { text: UTF8.decode(bytes).replace(/\r$/, '') }
  } catch {
    return { text: '', wrong: 'line: is not UTF-8' }
  }
}

function asJson(piece: Piece): SourceLine | null {
  const { number, end } = piece
  const { text, wrong } = textOf(piece)
  if (wrong !== undefined) return { number, end, text, given: undefined, wrong }
  if (text.trim() === '') return null
  try {
    return { number, end, text, given: JSON.parse(text) }
  } catch {
    return { number, end, text, given: undefined, wrong: 'line: is not JSON' }
  }
}

function asRow(piece: Piece): (Omit<SourceLine, 'given'> & { cells: string[] | null }) | null {
  const { number, end } = piece
  const { text, wrong } = textOf(piece)
  if (wrong !== undefined) return { number, end, text, cells: null, wrong }
  if (text === '') return null
  const cells = readRow(text)
  return { number, end, text, cells, ...(cells === null && { wrong: 'line: has a quote in the wrong place' }) }
}
