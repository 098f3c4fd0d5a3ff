import { expect, test } from 'vitest'
import { createRuleReports } from '../../collector/reports/rule-reports.ts'
import type { RulesReport } from '../../collector/reports/rules.ts'
import { SECOND } from '../../shared/instant.ts'

const QUESTION = { site: 1, version: 1, span: { from: null, to: null }, tz: 'UTC' }
const REPORT: RulesReport = {
  model: 1,
  people: { won: 0, lost: 0, open: 0, mql: 0 },
  sample: null,
  rules: [],
  drift: [],
}

/** People are replayed when the test says so. */
function slowReports() {
  let now = 0
  const replays: PromiseWithResolvers<RulesReport>[] = []
  const reports = createRuleReports({
    store: { model: async () => ({ version: 1, document: {} as never }) },
    reader: {
      rules: () => {
        const replay = Promise.withResolvers<RulesReport>()
        replays.push(replay)
        return replay.promise
      },
    },
    clock: () => now,
    log: error => {
      throw error
    },
  })
  return { reports, replays, advance: (duration: number) => void (now += duration) }
}

test('what is there at once is made anew each time', async () => {
  const { reports, replays } = slowReports()
  for (const round of [0, 1]) {
    const asked = reports.ask(QUESTION)
    await expect.poll(() => replays.length).toBe(round + 1)
    replays[round]!.resolve(REPORT)
    expect(await asked).toEqual({ report: REPORT, at: 0 })
  }
})

test('what took long is made once for all who ask, and remembered a hundred times as long', async () => {
  const { reports, replays, advance } = slowReports()
  const first = [reports.ask(QUESTION), reports.ask(QUESTION)]
  await expect.poll(() => replays.length).toBe(1)
  advance(SECOND)
  replays[0]!.resolve(REPORT)
  expect(await Promise.all(first)).toEqual([0, 1].map(() => ({ report: REPORT, at: 0 })))
  for (let second = 0; second < 99; second++, advance(SECOND)) {
    expect(await reports.ask(QUESTION)).toEqual({ report: REPORT, at: 0 })
  }
  expect(replays).toHaveLength(1)
  advance(2 * SECOND)
  void reports.ask(QUESTION)
  await expect.poll(() => replays.length).toBe(2)
})

test('a glance does not wait for it, and has it the next time', async () => {
  const { reports, replays } = slowReports()
  expect(await reports.glance(1)).toBeNull()
  replays[0]!.resolve(REPORT)
  expect(await reports.glance(1)).toEqual(REPORT)
})
