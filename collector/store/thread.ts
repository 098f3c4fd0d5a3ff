import { setFlagsFromString } from 'node:v8'
import { parentPort, Worker } from 'node:worker_threads'
import { Refusal } from '../../shared/refusal.ts'

// A store in a thread of its own: waiting for the disk, or for a long answer, never stops the others.

/**
 * MiB of young objects: half of what the first thread has, since nothing waits here. Said as a flag, which V8 reads for
 * each thread as it begins: beside the one that this process began with, `resourceLimits` go unheard.
 */
const YOUNG = 8

/** What a thread is asked to do. */
export interface Request {
  verb: string
  given: unknown[]
}

/** What became of it. */
type Answer = { value: unknown } | { refused: Pick<Refusal, 'code' | 'message' | 'errors'> } | { failed: string }

/** A request, and its answer, carry the same number: an answer can never be taken for that of another request. */
interface Ask {
  number: number
  request: Request
}

interface Reply {
  number: number
  answer: Answer
}

/** How far a request is that takes long. */
interface Progress {
  number: number
  done: number
}

/** A word that nobody asked for. */
interface Told {
  told: true
}

export interface Thread {
  /** Rejects with the refusal or the failure that the thread answers, or when it ends. */
  ask(verb: string, ...given: unknown[]): Promise<unknown>
  /** The same; `onProgress` is told what the thread tells of how far it is. */
  follow(onProgress: (done: number) => void, verb: string, ...given: unknown[]): Promise<unknown>
  /** Ends it, once it has done what it was asked before. */
  close(): Promise<void>
}

interface Waiting {
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
  onProgress?: (done: number) => void
}

/** Resolves when the thread has opened the database. `onFailure` is called once if it dies later, `onTold` for each `tell`. */
export async function startThread(
  file: URL,
  databaseUrl: string,
  { onFailure, onTold = () => {} }: { onFailure: (error: Error) => void; onTold?: () => void },
): Promise<Thread> {
  setFlagsFromString(`--max-semi-space-size=${YOUNG}`)
  const worker = new Worker(file, { workerData: databaseUrl })
  const waiting = new Map<number, Waiting>()
  const opened = Promise.withResolvers<Answer>()
  waiting.set(0, opened) // the thread's first word is that it is open
  let asked = 0
  let isOpen = false
  let ended: Error | null = null

  const end = (error: Error): void => {
    if (ended) return
    ended = error
    const refused = [...waiting.values()]
    waiting.clear()
    for (const { reject } of refused) reject(error)
  }
  const fail = (error: Error): void => {
    if (ended) return
    end(error)
    if (isOpen) onFailure(error) // else whoever starts it is told
  }
  worker.on('message', (message: Reply | Progress | Told) => {
    if ('told' in message) return onTold()
    if ('done' in message) return waiting.get(message.number)?.onProgress?.(message.done)
    const { number, answer } = message
    waiting.get(number)?.resolve(answer)
    waiting.delete(number)
  })
  worker.on('error', fail)
  worker.on('messageerror', fail)
  worker.on('exit', code => fail(new Error(`The thread of the database ended with code ${code}.`)))

  async function follow(onProgress: (done: number) => void, verb: string, ...given: unknown[]): Promise<unknown> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (ended) return reject(ended)
      const number = ++asked
      worker.postMessage({ number, request: { verb, given } } satisfies Ask)
      waiting.set(number, { resolve, reject, onProgress })
    })
    if ('value' in answer) return answer.value
    if ('refused' in answer) throw new Refusal(answer.refused.code, answer.refused.message, answer.refused.errors)
    throw new Error(answer.failed)
  }

  const ask = (verb: string, ...given: unknown[]) => follow(() => {}, verb, ...given)

  await opened.promise
  isOpen = true
  return {
    ask,
    follow,
    async close() {
      if (ended) return
      await ask('close')
      end(new Error('The thread of the database is closed.'))
      await worker.terminate()
    },
  }
}

/** Inside the thread: says that it is open, and answers from then on. `run` may tell how far it is. */
export function serveThread(run: (request: Request, onProgress: (done: number) => void) => Promise<unknown>): void {
  const reply = (given: Reply | Progress): void => parentPort?.postMessage(given)
  parentPort?.on('message', ({ number, request }: Ask) => {
    void run(request, done => reply({ number, done }))
      .then((value): Answer => ({ value }))
      .catch((error: unknown): Answer => {
        // A damaged file gets worse with every write: the thread ends, and the collector with it.
        if (error instanceof Refusal && error.code === 'unprocessable') throw error
        if (error instanceof Refusal) {
          const { code, message, errors } = error
          return { refused: { code, message, errors } }
        }
        return { failed: error instanceof Error ? error.message : String(error) }
      })
      .then(answer => reply({ number, answer }))
  })
  reply({ number: 0, answer: { value: 'open' } })
}

/** Inside the thread: a word that nobody asked for. */
export const tell = (): void => parentPort?.postMessage({ told: true } satisfies Told)
