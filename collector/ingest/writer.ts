import { Worker } from 'node:worker_threads'
import { extname } from 'node:path'
import type { Instant } from '../../shared/instant.ts'
import type { Arrival } from '../store/store.ts'
import type { Outcome } from './group.ts'

/** What the writing thread is asked to do. */
export type Request =
  | { verb: 'record'; arrivals: Arrival[]; now: Instant }
  | { verb: 'refresh'; before: Instant; limit: number; now: Instant }
  | { verb: 'close' }

export type Reply =
  { ready: true } | { outcomes: Outcome[] } | { refreshed: number } | { closed: true } | { failed: string }

/** The one place that writes what is tracked: a thread of its own, so that waiting for the disk never stops the others. */
export interface Writer {
  record(arrivals: Arrival[], now: Instant): Promise<Outcome[]>
  /** Judges again up to `limit` persons not scored since `before`; how many there were. */
  refresh(before: Instant, limit: number, now: Instant): Promise<number>
  close(): Promise<void>
}

/** Opens the database in a thread of its own. `onFailure` is called once if that thread dies. */
export async function startWriter(databaseUrl: string, onFailure: (error: Error) => void): Promise<Writer> {
  const file = new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url)
  const thread = new Worker(file, { workerData: databaseUrl })
  const waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = []
  let failure: Error | null = null

  const fail = (error: Error): void => {
    if (failure) return
    failure = error
    for (const { reject } of waiting.splice(0)) reject(error)
    onFailure(error)
  }
  thread.on('message', (reply: Reply) => waiting.shift()?.resolve(reply))
  thread.on('error', fail)

  // Requests are answered in the order in which they were asked.
  const ask = (request?: Request): Promise<Reply> =>
    new Promise((resolve, reject) => {
      if (failure) return reject(failure)
      waiting.push({ resolve, reject })
      if (request) thread.postMessage(request)
    })

  await ask() // the thread says so when it is open
  thread.on('exit', code => fail(new Error(`The writing thread ended with code ${code}.`)))

  return {
    async record(arrivals, now) {
      const reply = await ask({ verb: 'record', arrivals, now })
      if ('outcomes' in reply) return reply.outcomes
      throw new Error(unexpected(reply))
    },
    async refresh(before, limit, now) {
      const reply = await ask({ verb: 'refresh', before, limit, now })
      if ('refreshed' in reply) return reply.refreshed
      throw new Error(unexpected(reply))
    },
    async close() {
      if (failure) return
      await ask({ verb: 'close' })
      failure = new Error('The writer is closed.')
      await thread.terminate()
    },
  }
}

const unexpected = (reply: Reply): string =>
  'failed' in reply ? reply.failed : 'The writing thread gave another answer.'
