import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { SECOND } from '../../shared/instant.ts'
import type { GroupState } from '../ingest/group.ts'
import type { Arrival } from '../store/store.ts'
import type { Outcome } from './collect.ts'
import { statusOf } from './problem.ts'

/** What operators watch: counts since the start that agree with the database to the unit, and how the writing goes. */
export interface Metrics {
  /** Told how every request to the ingest endpoint ended. */
  observe(outcome: Outcome): void
  /** The same write, with its size and duration taken. */
  timed<Result>(write: (arrivals: Arrival[]) => Promise<Result>): (arrivals: Arrival[]) => Promise<Result>
  /** Told how every attempt to deliver a message ended. */
  delivered(result: string): void
  /** In Prometheus' text format. */
  text(): Promise<string>
  contentType: string
}

const KEPT = ['stored', 'duplicate', 'quarantined'] as const

/** `state` is of the group commit, read when somebody asks. */
export function createMetrics(state: () => GroupState): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const events = tally(registry, {
    name: 'leadlight_events_total',
    help: 'Events acknowledged, by what became of them; all of them are on disk.',
    label: 'result',
    known: KEPT,
  })
  const weak = tally(registry, {
    name: 'leadlight_events_weak_total',
    help: 'Events newly stored that are worth nothing, by the mark that says why.',
    label: 'mark',
    known: ['bot', 'foreign_origin', 'missing_origin'],
  })
  const dropped = tally(registry, {
    name: 'leadlight_events_dropped_total',
    help: 'Events that were not kept, by the reason given to their sender.',
    label: 'reason',
    known: ['event_too_large', 'consent_denied', 'erased'],
  })
  const batches = tally(registry, {
    name: 'leadlight_batches_total',
    help: 'Requests to the ingest endpoint, by the status of the answer; of any but 202, nothing was kept.',
    label: 'status',
    known: ['202'],
  })
  const deliveries = tally(registry, {
    name: 'leadlight_webhook_attempts_total',
    help: 'Attempts to deliver a message to a webhook, by how they ended: delivered, failed (tried again later), dead (given up).',
    label: 'result',
    known: ['delivered', 'failed', 'dead'],
  })
  const sizes = new Histogram({
    name: 'leadlight_commit_events',
    help: 'Events of one transaction.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
    registers,
  })
  const durations = new Histogram({
    name: 'leadlight_commit_seconds',
    help: 'How long a transaction took, until it was on disk.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  })
  gauge(registry, 'leadlight_waiting_events', 'Events that wait for their commit.', () => state().events)
  gauge(registry, 'leadlight_waiting_bytes', 'What the requests that wait take in memory.', () => state().bytes)
  gauge(registry, 'leadlight_writable', '1 while events can be written.', () => (state().failing ? 0 : 1))

  return {
    observe(outcome) {
      if ('refusal' in outcome) return batches.add(String(statusOf(outcome.refusal.code)), 1)
      const { result, mark } = outcome
      const stored = result.accepted - result.duplicate - result.quarantined
      batches.add('202', 1)
      events.add('stored', stored)
      events.add('duplicate', result.duplicate)
      events.add('quarantined', result.quarantined)
      if (mark !== null) weak.add(mark, stored)
      for (const { reason } of result.dropped) dropped.add(reason, 1)
    },

    timed: write => async arrivals => {
      const started = performance.now()
      const outcomes = await write(arrivals)
      durations.observe((performance.now() - started) / SECOND)
      sizes.observe(arrivals.reduce((sum, { events: some, quarantined }) => sum + some.length + quarantined.length, 0))
      return outcomes
    },

    delivered: result => deliveries.add(result, 1),

    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

interface Tally {
  add(label: string, count: number): void
}

/** A counter that costs an addition when it counts, and is put into words only when somebody asks. */
function tally(
  registry: Registry,
  { name, help, label, known }: { name: string; help: string; label: string; known: readonly string[] },
): Tally {
  const counts = new Map(known.map(value => [value, 0]))
  registry.registerMetric(
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        this.reset()
        for (const [value, count] of counts) this.inc({ [label]: value }, count)
      },
    }),
  )
  return {
    add: (value, count) => {
      counts.set(value, (counts.get(value) ?? 0) + count)
    },
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const collect = function (this: Gauge): void {
    this.set(read())
  }
  registry.registerMetric(new Gauge({ name, help, registers: [], collect }))
}
