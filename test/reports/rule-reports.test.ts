import { expect, test } from 'vitest'
import { createRuleReports } from '../../collector/reports/rule-reports.ts'
import type { RulesReport } from '../../collector/reports/rules.ts'
import { MINUTE, SECOND } from '../../shared/instant.ts'

const QUESTION = { site: 1, version: 1, span: { from: null, to: null }, tz: 'UTC' }
const REPORT: RulesReport = { model: 1, people: { won: 0, lost: 0, open: 0, mql: 0 }, rules: [], drift: [] }

/** Over so many people, who are replayed when the test says so. */
function reportsOver(people: number) {
  let now = 0
  const replays: PromiseWithResolvers<RulesReport>[] = []
  const reports = createRuleReports({
    store: { model: async () => ({ version: 1, document: {} as never }), leadCount: async () => people },
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

test('of few people it is waited for, and made anew each time', async () => {
  const { reports, replays } = reportsOver(500)
  for (const round of [0, 1]) {
    const asked = reports.ask(QUESTION)
    await expect.poll(() => replays.length).toBe(round + 1)
    replays[round]!.resolve(REPORT)
    expect(await asked).toEqual({ report: REPORT, at: 0 })
  }
})

test('of very many it says when to ask again, replays them once, and remembers it a hundred times as long', async () => {
  const { reports, replays, advance } = reportsOver(1_000_000)
  const refused = { code: 'overloaded', retryAfter: 200 * SECOND }
  await expect(reports.ask(QUESTION)).rejects.toMatchObject(refused)
  await expect(reports.ask(QUESTION)).rejects.toMatchObject(refused)
  expect(await reports.glance(1)).toBeNull()
  advance(MINUTE)
  replays[0]!.resolve(REPORT)
  for (let minute = 0; minute < 99; minute++, advance(MINUTE))
    expect(await reports.ask(QUESTION)).toEqual({ report: REPORT, at: 0 })
  expect(replays).toHaveLength(1)
  advance(2 * MINUTE)
  await expect(reports.ask(QUESTION)).rejects.toMatchObject(refused)
  expect(replays).toHaveLength(2)
})
