import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { SECOND, type Duration, type Instant } from '../../shared/instant.ts'
import { Barred, hostOf, type Guard } from './guard.ts'

/** Bytes of an answer that are looked at; only its status and headers matter. */
const MAX_ANSWER = 64 * 1024

export interface Parcel {
  url: string
  headers: Record<string, string>
  body: string
}

/** What came back. */
export interface Answer {
  /** `null` when nothing did. */
  status: number | null
  /** In words, when it was not taken. */
  error: string | null
  /** How long the receiver asks to be left alone. */
  retryAfter: Duration | null
}

export interface Sending {
  guard: Guard
  /** For all of it, from the name to the end of the answer. */
  timeLimit: Duration
  now: Instant
  /** Ends it at once; then it rejects. */
  signal: AbortSignal
}

/** Posts once. Redirects are not followed, connections not kept. Rejects only when it is called off. */
export async function send(parcel: Parcel, { guard, timeLimit, now, signal }: Sending): Promise<Answer> {
  const late = AbortSignal.timeout(timeLimit)
  try {
    const response = await post(parcel, guard, AbortSignal.any([late, signal]))
    const { statusCode: status = 0, headers } = response
    const isTaken = status >= 200 && status < 300
    return {
      status,
      error: isTaken
        ? null
        : status >= 300 && status < 400
          ? `answered ${status}: redirects are not followed`
          : `answered ${status}`,
      retryAfter: readRetryAfter(headers['retry-after'], now),
    }
  } catch (error) {
    signal.throwIfAborted()
    const words = late.aborted ? `no answer within ${timeLimit / SECOND} s` : inWords(error)
    return { status: null, error: words, retryAfter: null }
  }
}

async function post({ url: text, headers, body }: Parcel, guard: Guard, signal: AbortSignal): Promise<IncomingMessage> {
  const url = new URL(text)
  // A socket asks nobody what an address means: it has to be looked at here.
  if (isIP(hostOf(url))) await guard.addresses(url)
  const bytes = Buffer.from(body)
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: 'POST',
    agent: false,
    lookup: guard.lookup(url),
    signal,
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      'Content-Length': bytes.length,
      'User-Agent': 'Leadlight',
    },
  })
  const answered = Promise.withResolvers<IncomingMessage>()
  request.on('error', answered.reject)
  request.on('upgrade', (_, socket) => {
    socket.destroy()
    answered.reject(new Error('answered 101: the connection stays what it is'))
  })
  request.on('response', response => {
    // The status has been read: what becomes of the rest of the answer changes nothing.
    const done = () => {
      response.destroy()
      answered.resolve(response)
    }
    request.off('error', answered.reject).on('error', done)
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_ANSWER) done()
    })
    for (const event of ['end', 'error', 'close']) response.on(event, done)
  })
  request.end(bytes)
  return answered.promise
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function readRetryAfter(text: string | undefined, now: Instant): Duration | null {
  if (text === undefined) return null
  const wait = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now
  return wait > 0 ? wait : null
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection cut',
  EPIPE: 'connection cut',
  ENOTFOUND: 'the name is unknown',
  ENODATA: 'the name has no address',
  ETIMEOUT: 'the name servers do not answer',
  ESERVFAIL: 'the name servers fail',
}

function inWords(error: unknown): string {
  if (error instanceof Barred) return error.message
  const { code, message } = error as NodeJS.ErrnoException
  return WORDS[code ?? ''] ?? code ?? message
}
