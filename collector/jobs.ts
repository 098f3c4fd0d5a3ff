import { DAY, HOUR, MINUTE, SECOND, type Duration, type Instant } from '../shared/instant.ts'
import { OVERWRITTEN_AT_ONCE } from './http/rights.ts'
import type { GroupCommit } from './ingest/group.ts'
import type { Writer } from './ingest/writer.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Retention } from './retention.ts'
import type { Store } from './store/store.ts'

interface Job {
  name: string
  every: Duration
  /** One round; true when there is more to do at once. */
  run: (parts: JobParts, now: Instant) => Promise<boolean>
}

export interface JobParts {
  retention: Retention
  store: Pick<Store, 'erased'>
  writer: Writer
  group: Pick<GroupCommit, 'retry'>
  outbox: Pick<Outbox, 'round'>
}

const REFRESH_AT_ONCE = 500
const FORGET_AT_ONCE = 500
/** What was delivered can be looked up, and sent again, for so long. */
const KEEP_DELIVERED = 30 * DAY
const FOLD_AT_ONCE = 100

/** By the clock of the collector's machine. */
const isNight = (now: Instant): boolean => new Date(now).getHours() === 3

/** What happens by itself, and how often. */
const JOBS: Job[] = [
  {
    name: 'delete what is too old',
    every: HOUR,
    run: ({ retention }, now) => retention.round(now),
  },
  {
    // At night because a large file takes its time, during which events wait.
    name: 'overwrite what was erased',
    every: MINUTE,
    async run({ store, writer }, now) {
      const { pending, size } = await store.erased()
      if (pending && (size <= OVERWRITTEN_AT_ONCE || isNight(now))) await writer.overwrite()
      return false
    },
  },
  {
    // Time alone changes labels, stages and scores: none in a list is older than an hour.
    name: 'refresh scores',
    every: MINUTE,
    run: async ({ writer }, now) => (await writer.refresh(REFRESH_AT_ONCE, now)) === REFRESH_AT_ONCE,
  },
  {
    // What is asked for in between is brought up to date by whoever asks.
    name: 'bring reports up to date',
    every: MINUTE,
    run: async ({ writer }) => (await writer.fold(FOLD_AT_ONCE)) === FOLD_AT_ONCE,
  },
  {
    // A late event, a merge or a new model begins a history from its beginning: a long one has to wait for this.
    name: 'judge long histories anew',
    every: SECOND,
    run: ({ writer }, now) => writer.refold(now),
  },
  {
    name: 'try a failing disk again',
    every: SECOND,
    async run({ group }) {
      await group.retry()
      return false
    },
  },
  {
    // What has just come about is sent at once; this is for what is to be sent again.
    name: 'send what is due',
    every: SECOND,
    async run({ outbox }) {
      await outbox.round()
      return false
    },
  },
  {
    name: 'forget messages that were delivered',
    every: HOUR,
    run: async ({ writer }, now) =>
      (await writer.forgetDelivered(now - KEEP_DELIVERED, FORGET_AT_ONCE)) === FORGET_AT_ONCE,
  },
]

/** Runs every job on its schedule, never twice at once. The returned function resolves when none runs any more. */
export function startJobs(parts: JobParts, clock: () => Instant, log: (error: unknown) => void): () => Promise<void> {
  const stopping = new AbortController()
  const running = new Map<Job, Promise<void>>()

  async function rounds(job: Job): Promise<void> {
    try {
      while (!stopping.signal.aborted && (await job.run(parts, clock())));
    } catch (error) {
      log(new Error(`Job failed: ${job.name}`, { cause: error }))
    }
    running.delete(job)
  }

  const timers = JOBS.map(job =>
    setInterval(() => {
      if (!running.has(job)) running.set(job, rounds(job))
    }, job.every).unref(),
  )
  return async () => {
    stopping.abort()
    timers.forEach(clearInterval)
    await Promise.all(running.values())
  }
}
