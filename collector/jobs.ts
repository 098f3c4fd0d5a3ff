import { HOUR, MINUTE, type Duration, type Instant } from '../shared/instant.ts'
import type { Writer } from './ingest/writer.ts'

interface Job {
  name: string
  every: Duration
  run: (writer: Writer, now: Instant) => Promise<void>
}

const REFRESH_AT_ONCE = 500

/** What happens by itself, and how often. */
const JOBS: Job[] = [
  {
    // Scores fade with time alone: none in a list is older than an hour.
    name: 'refresh scores',
    every: MINUTE,
    async run(writer, now) {
      while ((await writer.refresh(now - HOUR, REFRESH_AT_ONCE, now)) === REFRESH_AT_ONCE);
    },
  },
]

/** Runs every job on its schedule, never twice at once, until the returned function is called. */
export function startJobs(writer: Writer, clock: () => Instant, log: (error: unknown) => void): () => void {
  const timers = JOBS.map(job => {
    let running = false
    const tick = async () => {
      if (running) return
      running = true
      await job
        .run(writer, clock())
        .catch((error: unknown) => log(new Error(`Job failed: ${job.name}`, { cause: error })))
      running = false
    }
    return setInterval(() => void tick(), job.every).unref()
  })
  return () => timers.forEach(clearInterval)
}
