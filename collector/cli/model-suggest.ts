import { Refusal } from '../../shared/refusal.ts'
import { suggestionView } from '../http/learning.ts'
import { adoptionsOf, suggest, SUGGEST_DEFAULTS, type RuleSuggestion } from '../reports/suggest.ts'
import { adopt } from '../scoring/adopt.ts'
import { readModel } from '../scoring/model.ts'
import type { Command } from './command.ts'
import { progress } from './progress.ts'
import { numberOf, readSample, SAMPLE_FLAGS } from './sample.ts'
import { TABLE_FLAGS, withSubject } from './table.ts'

export const modelSuggest: Command = {
  name: 'model suggest',
  usage: '[VERSION] [--accept RULE…] [--draft] [--site ID] [--json], or --table FILE --mapping FILE --model FILE',
  summary: 'Suggests points for each rule of a version, the live one by default, from wins and losses.',
  flags: {
    '--site': { meaning: 'id of the site; the only one by default' },
    '--json': { meaning: 'prints JSON, as POST /v1/models/suggest answers it', toggle: true },
    '--accept': { meaning: 'a rule whose suggestion is taken over; all by default', repeated: true },
    '--draft': { meaning: 'keeps the model with the accepted points as a draft', toggle: true },
    '--train': { meaning: 'share of the people to learn from, those decided first; 0.5' },
    ...SAMPLE_FLAGS,
    ...TABLE_FLAGS,
  },
  async run(call) {
    const { words, flag, every, print } = call
    if (words.length > 1) throw new Refusal('invalid', 'model suggest takes one version at most.')
    const trainShare = numberOf(flag, '--train') ?? SUGGEST_DEFAULTS.trainShare
    if (trainShare >= 1) throw new Refusal('invalid', '--train must be a share between 0 and 1.')
    if (flag('--draft') !== undefined && flag('--table') !== undefined)
      throw new Refusal('invalid', 'A table keeps no draft: take the document of --json.')
    const options = { ...readSample(flag, every), trainShare }
    return withSubject(call, async ({ store, site, model }) => {
      const bar = progress('suggest', 2 * (await store.census(site)).persons)
      let last = 0
      const found = await suggest(store, site, model, options, done => bar.at((last = done)))
      bar.end(last)
      const accepted = every('--accept')
      const document = adopt(model.document, adoptionsOf(found.rules, accepted.length > 0 ? accepted : undefined))
      const draft =
        flag('--draft') === undefined ? null : await store.draft(site, readModel(document), 'command line', Date.now())
      if (flag('--json') !== undefined) print(JSON.stringify(suggestionView(found, document, draft)))
      else {
        const { trained, validated } = found
        print('rule                     now  suggested  people  won     rate (95 %)             value  half-life')
        for (const rule of found.rules) print(inWords(rule))
        const auc = (value: number | null) => value?.toFixed(3) ?? '–'
        print(
          `Learned from ${trained.won} won and ${trained.lost} lost; on the ${validated.won} won and ${validated.lost} lost after them: AUC ${auc(validated.auc)}, now ${auc(validated.aucBefore)}.`,
        )
        if (draft !== null) print(`Draft ${draft}. How it would have done: leadlight backtest ${draft}`)
      }
      return 0
    })
  },
}

function inWords({
  rule,
  pointsNow,
  points,
  refused,
  evidence,
  halfLifeDays,
  halfLifeDaysNow,
}: RuleSuggestion): string {
  const { people, won, rate, informationValue } = evidence
  const share = (value: number) => `${(value * 100).toFixed(1)} %`
  const half = (days: number | null) => (days === null ? 'none' : `${days} d`)
  const change = halfLifeDays === halfLifeDaysNow ? '' : `${half(halfLifeDaysNow)} → ${half(halfLifeDays)}`
  return [
    rule.padEnd(24),
    String(pointsNow).padStart(4),
    String(points ?? '–').padStart(11),
    String(people).padStart(8),
    String(won).padStart(5),
    `${rate.rate === null ? '–' : share(rate.rate)} (${share(rate.low)} to ${share(rate.high)})`.padStart(28),
    informationValue.toFixed(2).padStart(6),
    refused ? `  refused: ${refused}` : `  ${change}`,
  ].join('')
}
