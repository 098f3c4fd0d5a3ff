import { judge } from '../../collector/scoring/judge.ts'
import { shop } from '../../collector/scoring/starters/shop.ts'
import type { StoredEvent } from '../../shared/event.ts'
import { HOUR, MINUTE } from '../../shared/instant.ts'
import type { Standing } from '../../shared/person.ts'
import { median } from '../median.ts'
import { benchEvent } from './load.ts'

const LENGTHS = [100, 10_000, 1_000_000]
const NOBODY: Standing = { stage: 'visitor', stageSince: null, fold: null }
const JUDGED = 4_000

type Pick = (below: number) => number

const stored = (pick: Pick, at: number, seq: number): StoredEvent => ({
  ...benchEvent(pick, at, seq),
  visitor: 'ada',
  provenance: 'browser',
  mark: null,
})

const judged = (standing: Standing, events: StoredEvent[], at: number): Standing => {
  const verdict = judge(shop, 1, standing, events, at, HOUR)
  if (!verdict) throw new Error('The judge refused an event in order.')
  return verdict.standing
}

/** Microseconds of CPU that judging takes for each event: alone after histories of several lengths, and twenty at a time. */
export interface Judging {
  alone: { history: number; cpu: number }[]
  batch: number
}

/** Of several interleaved rounds the medians. `say` is told how far it is. */
export function judging(pick: Pick, rounds: number, say: (line: string) => void): Judging {
  const begun = Date.now() - 400 * 24 * HOUR
  let seq = 0
  const next = () => begun + seq++ * (MINUTE / 2)
  const histories = LENGTHS.map(history => {
    say(`folding a history of ${history.toLocaleString('en')} events`)
    let standing = NOBODY
    for (let done = 0; done < history; done += 100) {
      const events = Array.from({ length: 100 }, (_, i) => stored(pick, next(), i))
      standing = judged(standing, events, events.at(-1)!.at)
    }
    return { history, standing, costs: [] as number[] }
  })
  const batches: number[] = []
  for (let round = 0; round <= rounds; round++) {
    for (const one of histories) {
      const cost = cpuOf(pick, one, next, 1)
      if (round > 0) one.costs.push(cost) // the first one warms up
    }
    const cost = cpuOf(pick, histories[0]!, next, 20)
    if (round > 0) batches.push(cost)
  }
  return {
    alone: histories.map(({ history, costs }) => ({ history, cpu: median(costs) })),
    batch: median(batches),
  }
}

function cpuOf(pick: Pick, kept: { standing: Standing }, next: () => number, atOnce: number): number {
  const batches = Array.from({ length: JUDGED / atOnce }, () =>
    Array.from({ length: atOnce }, (_, i) => stored(pick, next(), i)),
  )
  const before = process.cpuUsage()
  for (const events of batches) kept.standing = judged(kept.standing, events, events.at(-1)!.at)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / JUDGED
}
