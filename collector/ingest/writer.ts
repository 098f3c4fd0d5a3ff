import { extname } from 'node:path'
import type { Instant } from '../../shared/instant.ts'
import type { Engine } from '../store/persons.ts'
import type { Arrival, Recorder } from '../store/store.ts'
import { startThread } from '../store/thread.ts'
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
  'reprocess',
  'overwrite',
  'probe',
] as const satisfies (keyof Recorder)[]
export type Verb = (typeof VERBS)[number]

/** The same verbs as the store's, but the engine is in the thread's hands already. */
export type Verbs = { [Name in Verb]: WithoutEngine<Recorder[Name]> }

type WithoutEngine<Method extends (...given: never[]) => unknown> =
  Parameters<Method> extends [...infer Given, Engine] ? (...given: Given) => ReturnType<Method> : Method

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
  onTold?: () => void,
): Promise<Writer> {
  const { ask, close } = await startThread(THREAD, databaseUrl, { onFailure, ...(onTold && { onTold }) })
  const verbs = VERBS.map(verb => [verb, (...given: unknown[]) => ask(verb, ...given)] as const)
  return {
    ...(Object.fromEntries(verbs) as unknown as Verbs),
    record: async (arrivals, now) => (await ask('record', arrivals, now)) as Outcome[],
    close,
  }
}
