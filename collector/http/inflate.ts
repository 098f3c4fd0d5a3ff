import { promisify } from 'node:util'
import { brotliDecompress, gunzipSync, inflateSync } from 'node:zlib'
import { Refusal } from '../../shared/refusal.ts'

/** Inflates a body that has arrived whole to at most `limit` bytes. */
export type Inflate = (body: Uint8Array, limit: number) => Promise<Uint8Array>

/** By the name of the content coding. Every one stops at the limit, so that a bomb is never larger than an honest body. */
const CODINGS: Record<string, Inflate> = {
  gzip: async (body, limit) => gunzipSync(body, { maxOutputLength: limit }),
  deflate: async (body, limit) => inflateSync(body, { maxOutputLength: limit }),
  br: (body, limit) => inTurn(() => unbrotli(body, { maxOutputLength: limit })),
}

const unbrotli = promisify(brotliDecompress)

/** `null` for a body that is sent as it is. Throws a refusal for a coding that is not known. */
export function inflateFor(contentEncoding: string | undefined): Inflate | null {
  const coding = contentEncoding?.trim().toLowerCase() ?? ''
  if (coding === '' || coding === 'identity') return null
  const inflate = Object.hasOwn(CODINGS, coding) ? CODINGS[coding] : undefined
  if (!inflate) {
    throw new Refusal(
      'unsupported_encoding',
      `A body can be plain or ${Object.keys(CODINGS).join(', ')}, each alone; this one is ${JSON.stringify(coding.slice(0, 50))}.`,
    )
  }
  return async (body, limit) => {
    if (coding === 'br' && windowBits(body) > MAX_WINDOW_BITS) {
      throw new Refusal('too_large', `A brotli window has at most ${MAX_WINDOW_BITS} bits; this one has more.`)
    }
    try {
      return await inflate(body, limit)
    } catch (error) {
      if (error instanceof Refusal) throw error
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ERR_BUFFER_TOO_LARGE')
        throw new Refusal('too_large', `A batch holds at most ${limit} bytes, inflated.`)
      throw new Refusal('invalid', `The body is no ${coding}.`, [{ pointer: '', detail: message }])
    }
  }
}

/** What compressors use unless told otherwise. A larger window is filled before a byte comes out: 16 MiB from 93 bytes. */
const MAX_WINDOW_BITS = 22

/** The size of its window, in the first bits of a brotli stream (RFC 7932, 9.1); only what is above 17 matters here. */
function windowBits([first = 0]: Uint8Array): number {
  const bits = (first >> 1) & 7
  return (first & 1) === 1 && bits > 0 ? 17 + bits : 17
}

/** Waiting for their turn: half a mebibyte each. */
const MAX_WAITING = 16
let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/** One at a time: a few bytes of brotli can keep a processor busy for 20 ms, which is why it happens in another thread. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (waiting >= MAX_WAITING) {
    throw new Refusal('overloaded', 'Too many compressed bodies are waiting. Send this one again later.')
  }
  waiting++
  const mine = last.then(work)
  last = mine.catch(() => {})
  return mine.finally(() => waiting--)
}
