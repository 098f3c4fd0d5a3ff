import type { Context } from 'hono'
import { MAX_BATCH_BYTES } from '../../shared/batch.ts'
import { Refusal } from '../../shared/refusal.ts'
import { inflateFor } from './inflate.ts'

/** Bodies up to this size, all that browsers send, are always taken. */
const SMALL = 64 * 1024
/** Larger ones, and those that do not say their size, that may be on their way at the same time. */
const MAX_LARGE = 64

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a request's body: at most MAX_BATCH_BYTES as it is sent, and inflated. Throws a refusal for any other. */
export async function readBody(c: Context): Promise<string> {
  const inflate = inflateFor(c.req.header('Content-Encoding'))
  const sent = await receive(c)
  const bytes = inflate ? await inflate(sent, MAX_BATCH_BYTES) : sent
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new Refusal('invalid', 'The body is not UTF-8.', [{ pointer: '', detail: 'must be JSON in UTF-8' }])
  } finally {
    release(bytes)
  }
}

/** Gives the memory of a large body back at once, instead of when V8 next looks: there it counts as almost nothing. */
function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength > SMALL && buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

let large = 0

async function receive(c: Context): Promise<Uint8Array> {
  const size = announcedSize(c)
  if (size !== null && size > MAX_BATCH_BYTES) throw tooLarge()
  if (size !== null && size <= SMALL) return whole(c)
  if (large >= MAX_LARGE) {
    throw new Refusal('overloaded', 'Too many large bodies are on their way. Send this one again later.')
  }
  large++
  try {
    return await (size === null ? counted(c) : whole(c))
  } finally {
    large--
  }
}

/** Node holds a body to the size that its header says; `null` when it says none. */
function announcedSize(c: Context): number | null {
  const size = c.req.header('Content-Length')
  return size === undefined || c.req.header('Transfer-Encoding') !== undefined ? null : Number(size)
}

const whole = (c: Context): Promise<Uint8Array> =>
  c.req.arrayBuffer().then(
    bytes => new Uint8Array(bytes),
    (cause: unknown) => Promise.reject(cutShort(cause)),
  )

/** Counts while it arrives. */
async function counted(c: Context): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of c.req.raw.body ?? []) {
      size += chunk.length
      if (size > MAX_BATCH_BYTES) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Refusal ? error : cutShort(error)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (): Refusal => new Refusal('too_large', `A batch holds at most ${MAX_BATCH_BYTES} bytes.`)

/** The sender hung up, or was too slow: nobody is there to read this. */
const cutShort = (error: unknown): Refusal =>
  new Refusal('invalid', `The body ended early: ${error instanceof Error ? error.message : String(error)}`)
