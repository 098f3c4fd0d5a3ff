import { Worker } from 'node:worker_threads'
import { extname } from 'node:path'
import type { Instant } from '../../shared/instant.ts'
import type { Arrival } from '../store/store.ts'
import type { Outcome } from './group.ts'

/** What the writing thread is asked to do. */
export type Request =
  | { verb: 'record'; arrivals: Arrival[]; now: Instant }
  | { verb: 'refresh'; before: Instant; limit: number; now: Instant }
  | { verb: 'probe' }
  | { verb: 'close' }

/** What became of it. */
export type Answer = { outcomes: Outcome[] } | { refreshed: number } | { done: true } | { failed: string }

/** A request, and its answer, carry the same number: an answer can never be taken for that of another request. */
export interface Ask {
  number: number
  request: Request
}

export interface Reply {
  number: number
  answer: Answer
}

/** The one place that writes what is tracked: a thread of its own, so that waiting for the disk never stops the others. */
export interface Writer {
  /** Resolves when all arrivals are on disk, with one outcome for each; rejects when none of them is. */
  record(arrivals: Arrival[], now: Instant): Promise<Outcome[]>
  /** Judges again up to `limit` persons not scored since `before`; how many there were. */
  refresh(before: Instant, limit: number, now: Instant): Promise<number>
  /** Rejects while the disk takes no writes. */
  probe(): Promise<void>
  close(): Promise<void>
}

const THREAD = new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url)

/** Opens the database in a thread of its own. `onFailure` is called once if that thread dies later. */
export async function startWriter(
  databaseUrl: string,
  onFailure: (error: Error) => void,
  thread = THREAD,
): Promise<Writer> {
  const worker = new Worker(thread, { workerData: databaseUrl })
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
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
  worker.on('message', ({ number, answer }: Reply) => {
    waiting.get(number)?.resolve(answer)
    waiting.delete(number)
  })
  worker.on('error', fail)
  worker.on('messageerror', fail)
  worker.on('exit', code => fail(new Error(`The writing thread ended with code ${code}.`)))

  function ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (ended) return reject(ended)
      const number = ++asked
      worker.postMessage({ number, request } satisfies Ask)
      waiting.set(number, { resolve, reject })
    })
  }

  async function done(request: Request): Promise<void> {
    const answer = await ask(request)
    if (!('done' in answer)) throw unexpected(answer)
  }

  await opened.promise
  isOpen = true

  return {
    async record(arrivals, now) {
      const answer = await ask({ verb: 'record', arrivals, now })
      if ('outcomes' in answer) return answer.outcomes
      throw unexpected(answer)
    },
    async refresh(before, limit, now) {
      const answer = await ask({ verb: 'refresh', before, limit, now })
      if ('refreshed' in answer) return answer.refreshed
      throw unexpected(answer)
    },
    probe: () => done({ verb: 'probe' }),
    async close() {
      if (ended) return
      await done({ verb: 'close' })
      end(new Error('The writer is closed.'))
      await worker.terminate()
    },
  }
}

const unexpected = (answer: Answer): Error =>
  new Error('failed' in answer ? answer.failed : 'The writing thread gave another answer.')
