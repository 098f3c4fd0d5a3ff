import { Refusal } from '../../shared/refusal.ts'
import { backtestView } from '../http/learning.ts'
import { backtest, BACKTEST_DEFAULTS, type Backtest } from '../reports/backtest.ts'
import { SCORES } from '../scoring/condition-check.ts'
import type { ScoreName } from '../../shared/model.ts'
import type { Flagged } from '../../shared/backtest.ts'
import type { Command } from './command.ts'
import { numberOf, readSample, SAMPLE_FLAGS } from './sample.ts'
import { progress } from './progress.ts'
import { TABLE_FLAGS, withSubject } from './table.ts'

export const backtestCommand: Command = {
  name: 'backtest',
  usage: '[VERSION] [--per-week N] [--site ID] [--json], or --table FILE --mapping FILE --model FILE',
  summary: 'Says how a version of the model, the live one by default, would have done over what is kept.',
  flags: {
    '--site': { meaning: 'id of the site; the only one by default' },
    '--json': { meaning: 'prints JSON, as POST /v1/models/:version/backtest answers it', toggle: true },
    '--score': { meaning: 'which score a threshold is about: total, engagement or fit' },
    '--per-week': { meaning: 'how many people sales can take a week: finds the threshold for that' },
    '--beta': { meaning: 'recall counts so many times as much as precision when the best threshold is sought; 1' },
    ...SAMPLE_FLAGS,
    ...TABLE_FLAGS,
  },
  async run(call) {
    const { words, flag, every, print } = call
    if (words.length > 1) throw new Refusal('invalid', 'backtest takes one version at most.')
    const score = flag('--score') ?? 'total'
    if (!(SCORES as readonly string[]).includes(score))
      throw new Refusal('invalid', `--score must be one of ${SCORES.join(', ')}.`)
    const options = {
      ...readSample(flag, every),
      score: score as ScoreName,
      beta: numberOf(flag, '--beta') ?? BACKTEST_DEFAULTS.beta,
      perWeek: numberOf(flag, '--per-week'),
    }
    return withSubject(call, async ({ store, site, model }) => {
      const bar = progress('backtest', (await store.census(site)).persons)
      let last = 0
      const result = await backtest(store, site, model, options, done => bar.at((last = done)))
      bar.end(last)
      print(flag('--json') === undefined ? inWords(result) : JSON.stringify(backtestView(result)))
      return 0
    })
  },
}

const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)

function inWords(result: Backtest): string {
  const { model, people, baseRate, thresholds, best, capacity, mql, period, warnings } = result
  const known = people.openAsLost
    ? `${people.won} won, ${people.lost} not`
    : `${people.won} won, ${people.lost} lost, ${people.open} open`
  const line = (name: string, { flaggedPerWeek, precision, recall, f1, lift, medianLeadDays }: Flagged) =>
    [
      name.padEnd(12),
      flaggedPerWeek.toFixed(1).padStart(8),
      percent(precision.rate).padStart(10),
      `${percent(precision.low)} to ${percent(precision.high)}`.padStart(20),
      percent(recall.rate).padStart(9),
      f1.toFixed(2).padStart(6),
      (lift === null ? '–' : `${lift.toFixed(2)} ×`).padStart(8),
      (medianLeadDays === null ? '–' : `${medianLeadDays.toFixed(1)} d`).padStart(8),
    ].join('')
  const every = Math.ceil(thresholds.length / 20)
  const shown = thresholds.filter((_, index) => index % every === 0)
  return [
    `Version ${model} over ${known}; ${percent(baseRate)} won; AUC ${result.auc?.toFixed(3) ?? '–'}; ${period.weeks.toFixed(1)} weeks.`,
    '',
    'threshold    per week precision                 95 %   recall    F1    lift    lead',
    ...shown.map(row => line(String(row.threshold), row)),
    line('MQL', mql.model),
    ...(mql.enter.leads.length + mql.leave.leads.length > 0
      ? [
          line('live MQL', mql.live),
          `Against version ${result.live}: ${sum(mql.enter)} enter (${mql.enter.won} won), ${sum(mql.leave)} leave (${mql.leave.won} won).`,
        ]
      : []),
    '',
    ...(best.threshold === null ? [] : [`Best F${best.beta}: ${best.threshold}.`]),
    ...(capacity ? [`At most ${capacity.perWeek} a week: ${capacity.threshold}.`] : []),
    ...warnings.map(({ pointer, detail }) => `Warning: ${pointer} ${detail}`),
  ].join('\n')
}

const sum = ({ won, lost, open }: { won: number; lost: number; open: number }): number => won + lost + open
