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
const sampled = (people: number, of: number): RulesReport => ({ ...REPORT, sample: { people, of } })

/** People are replayed when the test says so. */
function slowReports() {
  let now = 0
  const replays: (PromiseWithResolvers<RulesReport> & { most: number })[] = []
  const reports = createRuleReports({
    store: { model: async () => ({ version: 1, document: {} as never }) },
    reader: {
      rules: ({ most }) => {
        const replay = Promise.withResolvers<RulesReport>()
        replays.push({ ...replay, most })
        return replay.promise
      },
    },
    clock: () => now,
    log: error => {
      throw error
    },
  })
  const replay = async (index: number) => {
    await expect.poll(() => replays.length).toBeGreaterThan(index)
    return replays[index]!
  }
  return { reports, replays, replay, advance: (duration: number) => void (now += duration) }
}

test('what is there at once is made anew each time', async () => {
  const { reports, replays, replay } = slowReports()
  for (const round of [0, 1]) {
    const asked = reports.ask(QUESTION)
    ;(await replay(round)).resolve(REPORT)
    expect(await asked).toEqual({ report: REPORT, at: 0 })
  }
  expect(replays).toHaveLength(2)
})

test('of some more people, whoever asks waits for all of them', async () => {
  const { reports, replays, replay, advance } = slowReports()
  const asked = [reports.ask(QUESTION), reports.ask(QUESTION)]
  const glimpse = await replay(0)
  advance(SECOND)
  glimpse.resolve(sampled(200, 20_000))
  ;(await replay(1)).resolve(REPORT)
  expect(await Promise.all(asked)).toEqual([0, 1].map(() => ({ report: REPORT, at: 0 })))
  expect(replays.map(({ most }) => most)).toEqual([200, 20_000])
})

test('of very many, the first answer is of a few; what took long is made once, and remembered a hundred times as long', async () => {
  const { reports, replays, replay, advance } = slowReports()
  const [few, many] = [sampled(200, 20_001), sampled(20_000, 20_001)]
  const first = reports.ask(QUESTION)
  const glimpse = await replay(0)
  advance(SECOND / 5)
  glimpse.resolve(few)
  expect(await first).toEqual({ report: few, at: 0 })
  expect(await reports.ask(QUESTION)).toEqual({ report: few, at: 0 })
  advance(SECOND)
  ;(await replay(1)).resolve(many)
  await expect.poll(() => reports.ask(QUESTION)).toEqual({ report: many, at: 0 })
  for (let second = 0; second < 99; second++, advance(SECOND)) {
    expect(await reports.ask(QUESTION)).toEqual({ report: many, at: 0 })
  }
  expect(replays.map(({ most }) => most)).toEqual([200, 20_000])
  advance(30 * SECOND)
  void reports.ask(QUESTION)
  expect((await replay(2)).most).toBe(200)
})

test('a replay that fails while nobody waits is tried again', async () => {
  const { reports, replay, advance } = slowReports()
  const first = reports.ask(QUESTION)
  const glimpse = await replay(0)
  advance(SECOND)
  glimpse.resolve(sampled(200, 20_001))
  await first
  ;(await replay(1)).reject(new Error('disk'))
  await new Promise(setImmediate)
  advance(200 * SECOND)
  void reports.ask(QUESTION)
  expect((await replay(2)).most).toBe(200)
})

test('a glance does not wait for it, and has it the next time', async () => {
  const { reports, replay } = slowReports()
  expect(await reports.glance(1)).toBeNull()
  ;(await replay(0)).resolve(REPORT)
  expect(await reports.glance(1)).toEqual(REPORT)
})
