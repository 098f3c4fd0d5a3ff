// Runs the write path over and over, in a process whose disk fails at the first call, at the second, and so on; prints
// what was promised and what was kept. With the argument `swallow` it has a bug: a write that fails is answered as done.
import { join } from 'node:path'
import { groupCommit, type GroupCommit } from '../../collector/ingest/group.ts'
import { startWriter } from '../../collector/ingest/writer.ts'
import { engine } from '../../collector/scoring/engine.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Arrival, Receipt } from '../../collector/store/store.ts'
import { arrivalOf, MODEL, SITE } from './arrivals.ts'
import { ownDisk } from './disk.ts'
import { eventsKept } from './kept.ts'

export interface Tally {
  /** Runs, one for each call that was made to fail. */
  runs: number
  acknowledged: number
  refused: number
  /** Acknowledged, and not there. */
  lost: number
  /** Runs after which a healthy disk was not enough to go on. */
  stuck: string[]
}

const [folder = '', bug] = process.argv.slice(2)
const disk = ownDisk()
const options = { newId: () => crypto.randomUUID() }

const FAILURES = (['EIO', 'ENOSPC'] as const).flatMap(error => [false, true].map(sticky => ({ error, sticky })))
const COMMITS = 4
const EVENTS = 2

/** With a bug, an error becomes an acknowledgement. */
const answered = async <Answer>(write: Promise<Answer>, done: Answer): Promise<Answer> =>
  bug === 'swallow' ? write.catch(() => done) : write

const stored = (arrivals: readonly Arrival[]): Receipt[] =>
  arrivals.map(({ events }) => ({ stored: events.length, duplicate: 0, quarantined: 0 }))

/** A new database each time: creating, migrating, writing and closing meet the failure. */
/** Every call fails once; one in four is enough to find a bug that is there for all of them. */
const EACH = bug === undefined ? 1 : 4

async function whileOpening(): Promise<Tally> {
  const tally: Tally = { runs: 0, acknowledged: 0, refused: 0, lost: 0, stuck: [] }
  for (const { error, sticky } of FAILURES) {
    for (let nth = 1, calls = nth; nth <= calls; nth += EACH) {
      const file = join(folder, `opening-${error}-${sticky}-${nth}.db`)
      const kept = new Set<number>()
      const before = disk.calls()
      disk.failAt(nth, error, sticky)
      await openAndWrite(file, kept, tally).catch(() => {})
      calls = Math.max(calls, disk.calls() - before)
      disk.failAt(0, error)
      tally.runs++
      await openAndWrite(file, kept, tally).catch((stuck: unknown) => tally.stuck.push(`${file}: ${String(stuck)}`))
      tally.lost += missing(file, kept)
    }
  }
  return tally
}

async function openAndWrite(file: string, kept: Set<number>, tally: Tally): Promise<void> {
  const store = await openStore(`file:${file}`, options)
  try {
    if ((await store.sites()).length === 0) await store.addSite(SITE, MODEL)
    for (let commit = 0; commit < COMMITS; commit++) {
      const first = (kept.size + tally.refused) * EVENTS
      const arrivals = [arrivalOf(first, EVENTS)]
      await answered(store.record(arrivals, Date.now(), engine), stored(arrivals)).then(
        () => note(kept, first, tally),
        () => void tally.refused++,
      )
    }
  } finally {
    await store.close()
  }
}

/** One database and one writer, which go on through every failure. */
async function whileRunning(): Promise<Tally> {
  const tally: Tally = { runs: 0, acknowledged: 0, refused: 0, lost: 0, stuck: [] }
  const file = join(folder, 'running.db')
  const store = await openStore(`file:${file}`, options)
  await store.addSite(SITE, MODEL)
  const writer = await startWriter(`file:${file}`, error => {
    throw error
  })
  const write = (arrivals: Arrival[]) =>
    answered(
      writer.record(arrivals, Date.now()),
      stored(arrivals).map(receipt => ({ receipt })),
    )
  const group = groupCommit({ write, probe: writer.probe })
  const kept = new Set<number>()
  let next = 0
  const send = async (): Promise<void> => {
    const first = next
    next += EVENTS
    await group.commit(arrivalOf(first, EVENTS), 1_000).then(
      () => note(kept, first, tally),
      () => void tally.refused++,
    )
  }
  for (const { error, sticky } of FAILURES) {
    for (let nth = 1; nth <= 60; nth += EACH) {
      disk.failAt(nth, error, sticky)
      for (let commit = 0; commit < COMMITS; commit++) await Promise.all([send(), send()])
      disk.failAt(0, error)
      tally.runs++
      await resumed(group, `${error} at call ${nth}`, tally)
    }
  }
  await writer.close()
  await store.close()
  tally.lost = missing(file, kept)
  return tally
}

async function resumed(group: GroupCommit, after: string, tally: Tally): Promise<void> {
  await group.retry()
  const { failing } = group.state()
  if (failing) tally.stuck.push(`${after}: ${failing.message}`)
}

function note(kept: Set<number>, first: number, tally: Tally): void {
  for (let seq = first; seq < first + EVENTS; seq++) kept.add(seq)
  tally.acknowledged += EVENTS
}

function missing(file: string, acknowledged: Set<number>): number {
  const kept = eventsKept(file)
  return [...acknowledged].filter(seq => !kept.has(seq)).length
}

process.stdout.write(JSON.stringify([await whileOpening(), await whileRunning()]))
