import { Worker } from 'node:worker_threads'
import { extname } from 'node:path'
import type { Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Engine } from '../store/persons.ts'
import type { Arrival, Recorder } from '../store/store.ts'
import type { Outcome } from './group.ts'

/** What the writing thread does for whoever asks. */
const VERBS = [
  'refresh',
  'rescore',
  'refold',
  'rejudge',
  'move',
  'override',
  'stopProfiling',
  'resumeProfiling',
  'addOutcomes',
  'merge',
  'unmerge',
  'remark',
  'fold',
  'draft',
  'publish',
  'addWebhook',
  'changeWebhook',
  'removeWebhook',
  'disableWebhook',
  'settleDeliveries',
  'replay',
  'forgetDelivered',
  'addSite',
  'changeSite',
  'addKey',
  'replaceKey',
  'revokeKey',
  'useKey',
  'addLoginLink',
  'setPassword',
  'addSession',
  'endSession',
  'saveView',
  'removeView',
  'take',
  'erase',
  'expire',
  'overwrite',
  'probe',
] as const satisfies (keyof Recorder)[]
export type Verb = (typeof VERBS)[number]

/** The same verbs as the store's, but the engine is in the thread's hands already. */
export type Verbs = { [Name in Verb]: WithoutEngine<Recorder[Name]> }

type WithoutEngine<Method extends (...given: never[]) => unknown> =
  Parameters<Method> extends [...infer Given, Engine] ? (...given: Given) => ReturnType<Method> : Method

/** What the writing thread is asked to do. */
export type Request =
  { verb: 'record'; arrivals: Arrival[]; now: Instant } | { verb: Verb; given: unknown[] } | { verb: 'close' }

/** What became of it. */
export type Answer =
  | { outcomes: Outcome[] }
  | { value: unknown }
  | { refused: Pick<Refusal, 'code' | 'message' | 'errors'> }
  | { failed: string }

/** A request, and its answer, carry the same number: an answer can never be taken for that of another request. */
export interface Ask {
  number: number
  request: Request
}

export interface Reply {
  number: number
  answer: Answer
}

/** A word that nobody asked for: something was put into the outbox. */
export interface Told {
  told: true
}

/** The one place that writes what is tracked: a thread of its own, so that waiting for the disk never stops the others. */
export interface Writer extends Verbs {
  /** Resolves when all arrivals are on disk, with one outcome for each; rejects when none of them is. */
  record(arrivals: Arrival[], now: Instant): Promise<Outcome[]>
  close(): Promise<void>
}

const THREAD = new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url)

/** Opens the database in a thread of its own. `onFailure` is called once if that thread dies later, `onTold` whenever something was put into the outbox. */
export async function startWriter(
  databaseUrl: string,
  onFailure: (error: Error) => void,
  { thread = THREAD, onTold = () => {} }: { thread?: URL; onTold?: () => void } = {},
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
  worker.on('message', (message: Reply | Told) => {
    if ('told' in message) return onTold()
    const { number, answer } = message
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

  async function value(request: Request): Promise<unknown> {
    const answer = await ask(request)
    if ('value' in answer) return answer.value
    throw unexpected(answer)
  }
  const verbs = VERBS.map(verb => [verb, (...given: unknown[]) => value({ verb, given })] as const)

  await opened.promise
  isOpen = true

  return {
    ...(Object.fromEntries(verbs) as unknown as Verbs),
    async record(arrivals, now) {
      const answer = await ask({ verb: 'record', arrivals, now })
      if ('outcomes' in answer) return answer.outcomes
      throw unexpected(answer)
    },
    async close() {
      if (ended) return
      await value({ verb: 'close' })
      end(new Error('The writer is closed.'))
      await worker.terminate()
    },
  }
}

function unexpected(answer: Answer): Error {
  if ('refused' in answer) return new Refusal(answer.refused.code, answer.refused.message, answer.refused.errors)
  return new Error('failed' in answer ? answer.failed : 'The writing thread gave another answer.')
}
