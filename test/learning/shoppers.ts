import { isDeepStrictEqual } from 'node:util'
import { progress } from '../../collector/cli/progress.ts'
import type { BacktestView } from '../../collector/http/learning.ts'
import type { Model } from '../../shared/model.ts'
import { startShop } from './collect.ts'
import { byHand } from './expected.ts'
import { byIntuition, FROM_EVENTS, INTUITION, withTraits } from './models.ts'
import { inOrderOfVisits, readSessions, SHOPPERS } from './sessions.ts'

// node test/learning/shoppers.ts [FILE]: 12,330 real visits of a shop, sent through a real collector, and what can be
// learned from them. Takes a few minutes; exit code 1 when a figure is not what it should be.

const LEAST = { events: 0.67, traits: 0.72 }

const path = process.argv[2] ?? SHOPPERS
const sessions = readSessions(path)
if (!sessions) {
  process.stderr.write(`There is no ${path}: give the path of online_shoppers_intention.csv.\n`)
  process.exit(2)
}
const say = (line: string) => void process.stdout.write(`${line}\n`)
let right = true
const check = (what: string, holds: boolean) => {
  right &&= holds
  say(`${holds ? 'yes' : 'NO '}  ${what}`)
}

const shop = await startShop()
try {
  const visits = inOrderOfVisits(sessions)
  const bar = progress('send', visits.length)
  const kept = await shop.send(visits, done => bar.at(done))
  bar.end(visits.length)
  say(`${visits.length.toLocaleString('en')} visits, ${kept.toLocaleString('en')} events kept`)

  const ask = async <Answer>(verb: string, where: string, body: object = {}): Promise<Answer> => {
    let told: ReturnType<typeof progress> | null = null
    let last = 0
    const answer = await shop.learn<Answer>(where, body, (done, total) => {
      told ??= progress(verb, total)
      told.at((last = done))
    })
    ;(told as ReturnType<typeof progress> | null)?.end(last)
    return answer
  }
  const version = await shop.draft(INTUITION)
  const found = await ask<BacktestView>('backtest', `/v1/models/${version}/backtest`)
  const expected = byHand(sessions, byIntuition)
  check(
    `${expected.won} won and ${expected.lost} not`,
    found.people.won === expected.won && found.people.lost === expected.lost,
  )
  check(
    `AUC of points by intuition: ${found.auc?.toFixed(4)}, by hand ${expected.auc.toFixed(4)}`,
    Math.abs((found.auc ?? 0) - expected.auc) < 1e-12,
  )
  const differing = found.thresholds.filter(row => {
    const { threshold, flagged, true_positives: truePositives, false_positives: falsePositives, lift } = row
    const same = {
      threshold,
      flagged,
      truePositives,
      falsePositives,
      precision: row.precision.rate,
      recall: row.recall.rate,
      lift,
    }
    return !isDeepStrictEqual(same, expected.at(threshold))
  })
  check(`all ${found.thresholds.length} thresholds exactly as by hand`, differing.length === 0)

  const learn = async (name: string, model: Model, least: number) => {
    const draft = await shop.draft(model)
    const { validated, trained, rules } = await ask<{
      trained: { won: number; lost: number }
      validated: { won: number; lost: number; auc: number; auc_before: number }
      rules: { rule: string; points: number | null; refused: string | null }[]
    }>('suggest', '/v1/models/suggest', { model: draft, train_share: 0.5 })
    say(`${name}, learned from ${trained.won} of ${trained.won + trained.lost}, the first half:`)
    say(`     ${rules.map(({ rule, points }) => `${rule} ${points ?? '–'}`).join(', ')}`)
    for (const { rule, refused } of rules) if (refused) say(`     ${rule} refused: ${refused}`)
    check(
      `AUC of whole points on the other half: ${validated.auc.toFixed(4)}, at least ${least}`,
      validated.auc >= least,
    )
  }
  await learn('From events alone', FROM_EVENTS, LEAST.events)
  await learn('With source, visitor and month as traits', withTraits(sessions), LEAST.traits)
  check('no failure was logged', shop.failures.length === 0)
} finally {
  await shop.close()
}
process.exitCode = right ? 0 : 1
