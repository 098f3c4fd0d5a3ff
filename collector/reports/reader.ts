import { extname } from 'node:path'
import type { Instant, Span } from '../../shared/instant.ts'
import type { Store } from '../store/store.ts'
import { startThread, type Thread } from '../store/thread.ts'
import type { Backtest, BacktestOptions } from './backtest.ts'
import type { RulesReport } from './rules.ts'
import type { SuggestOptions, Suggestion } from './suggest.ts'

/** What is asked of the store that takes longer the more people there are. */
const QUESTIONS = [
  'tally',
  'tallies',
  'delays',
  'stepDelays',
  'activity',
  'gaps',
  'leadCount',
  'census',
] as const satisfies (keyof Store)[]

/** Which rules of which version of a model, over which people. */
export interface RulesQuestion {
  site: number
  version: number
  span: Span
  /** An IANA time zone, whose months are told apart. */
  tz: string
  /** Of more people, a sample of about so many is replayed. */
  most: number
}

/** A version of a site's model. */
export interface ModelQuestion {
  site: number
  version: number
}

type OnProgress = (done: number) => void

/** Answers what takes long, in a thread of its own: what comes in meanwhile does not wait for it. */
export interface Reader extends Pick<Store, (typeof QUESTIONS)[number]> {
  /** Replays everybody, or a sample. */
  rules(question: RulesQuestion, now: Instant): Promise<RulesReport>
  /** Replays everybody; `onProgress` is told of how many. */
  backtest(question: ModelQuestion, options: BacktestOptions, onProgress: OnProgress): Promise<Backtest>
  /** Replays everybody, twice. */
  suggest(question: ModelQuestion, options: SuggestOptions, onProgress: OnProgress): Promise<Suggestion>
  close(): Promise<void>
}

const THREAD = new URL(`./reader-thread${extname(import.meta.url)}`, import.meta.url)

/** The thread starts with the first question. `onFailure` is called once if it dies later. */
export function createReader(databaseUrl: string, onFailure: (error: Error) => void): Reader {
  let started: Promise<Thread> | null = null
  async function follow(onProgress: OnProgress, verb: string, ...given: unknown[]): Promise<unknown> {
    started ??= startThread(THREAD, databaseUrl, { onFailure })
    const thread = await started.catch((error: unknown) => {
      started = null // the next question tries again
      throw error
    })
    return thread.follow(onProgress, verb, ...given)
  }
  const ask = (verb: string, ...given: unknown[]) => follow(() => {}, verb, ...given)
  const verbs = QUESTIONS.map(verb => [verb, (...given: unknown[]) => ask(verb, ...given)] as const)
  return {
    ...(Object.fromEntries(verbs) as unknown as Pick<Store, (typeof QUESTIONS)[number]>),
    rules: async (question, now) => (await ask('rules', question, now)) as RulesReport,
    backtest: async (question, options, onProgress) =>
      (await follow(onProgress, 'backtest', question, options)) as Backtest,
    suggest: async (question, options, onProgress) =>
      (await follow(onProgress, 'suggest', question, options)) as Suggestion,
    close: async () => (await started?.catch(() => null))?.close(),
  }
}
