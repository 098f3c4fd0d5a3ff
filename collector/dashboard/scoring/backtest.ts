import { LEAST_PEOPLE, LEAST_WINS, type Counts, type Flagged } from '../../../shared/backtest.ts'
import type { Instant } from '../../../shared/instant.ts'
import { columnChart } from '../chart/columns.ts'
import { figure } from '../chart/figure.ts'
import { meter } from '../chart/meter.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { spoken } from '../who.ts'
import { asOf, learningPage } from './learning.ts'
import type { Subject } from './tabs.ts'
import { thresholdCard, type ThresholdFigures } from './threshold.ts'

interface Moved extends Counts {
  /** Ids of the first of them. */
  leads: readonly string[]
}

export interface BacktestFigures extends Subject, Omit<ThresholdFigures, 'version'> {
  /** The live version, that it is held against. */
  current: number
  /** When it was worked out. */
  asked: Instant
  people: Counts & { objected: number; openAsLost: boolean }
  baseRate: number | null
  auc: number | null
  /** A tenth each, the highest scores first; `wonSoFar` with those above. */
  gains: readonly { decile: number; people: number; wonSoFar: number }[]
  mql: { model: Flagged; live: Flagged; enter: Moved; leave: Moved }
  warnings: readonly {
    kind: LeakKind
    rule: string
    informationValue: number
    people: number
    setByServer: number
    after: number
    known: number
  }[]
}

type LeakKind = 'information_value' | 'set_by_server' | 'after_outcome' | 'outcome_event'

/** Leads that are named of those who would come or go. */
const NAMED = 10

/** `/scoring/:version/backtest`: how a version would have done, and where to put the threshold. */
export function backtestPage(frame: Frame, figures: BacktestFigures): Html {
  const { people, thresholds } = figures
  const isFew = people.won + people.lost < LEAST_PEOPLE || people.won < LEAST_WINS
  const main = [
    leaks(frame, figures),
    isFew && tooFew(frame, people),
    thresholds.length > 0 && thresholdCard(frame, isFew ? { ...figures, best: null } : figures, about(frame, figures)),
    !isFew && figures.auc !== null && quality(frame, figures),
    thresholds.length > 0 && qualified(frame, figures),
  ]
  return learningPage(frame, figures, 'backtest', main, thresholds.length > 0 ? ['threshold.js'] : [])
}

function about(frame: Frame, { people, weeks, asked, version, score, open: counts }: BacktestFigures): Html {
  const { words } = frame
  const { won, lost, open, objected, openAsLost } = people
  const isChosen = counts === 'lost'
  const told = [
    words.say('backtest.text'),
    words.say('backtest.people', { won, lost, open, weeks: words.number(weeks, 1) }),
    openAsLost && words.say(isChosen ? 'backtest.openAsLost' : 'backtest.allOpenAsLost'),
    objected > 0 && words.say('backtest.objected', { count: objected }),
    asOf(frame, asked),
  ]
  const other = link(frame, `/scoring/${version}/backtest`, { score, open: isChosen ? null : 'lost' })
  return html`<p class="hint">
    ${told.filter(sentence => sentence !== false).join(' ')}
    ${
      (isChosen || !openAsLost) &&
      html`<a href="${other}">${words.say(isChosen ? 'backtest.leaveOpen' : 'backtest.countOpen')}</a>`
    }
  </p>`
}

function tooFew({ words }: Frame, { won, lost }: Counts): Html {
  const row = (word: 'backtest.few.decided' | 'backtest.few.won', count: number, least: number): Html =>
    html`<li>
      <p>${words.say(word, { count, least })}</p>
      ${meter(count, least, null)}
    </li>`
  return html`<section class="card" aria-labelledby="few-title">
    <h2 id="few-title">${words.say('backtest.few')}</h2>
    <p class="hint">${words.say('backtest.few.text', { people: LEAST_PEOPLE, wins: LEAST_WINS })}</p>
    <ul class="meters">
      ${row('backtest.few.decided', won + lost, LEAST_PEOPLE)} ${row('backtest.few.won', won, LEAST_WINS)}
    </ul>
  </section>`
}

/** What may know the outcome. */
function leaks({ words }: Frame, { warnings }: BacktestFigures): Piece {
  if (warnings.length === 0) return null
  return html`<section class="card" aria-labelledby="leaks-title">
    <h2 id="leaks-title">${words.say('backtest.leaks')}</h2>
    <ul class="obstacles">
      ${warnings.map(
        ({ kind, rule, informationValue, ...counts }) =>
          html`<li>
            ${words.say(`leak.${kind}`, { rule: spoken(rule), value: words.number(informationValue, 2), ...counts })}
          </li>`,
      )}
    </ul>
  </section>`
}

function quality({ words }: Frame, { auc, baseRate, gains, people: { won } }: BacktestFigures): Html {
  const caption = words.say('backtest.gains')
  const upTo = (decile: number): string => words.say('backtest.highest', { share: words.percent(decile / 10) })
  return html`<section class="card" aria-labelledby="quality-title">
    <h2 id="quality-title">${words.say('backtest.quality')}</h2>
    <dl class="figures wide">
      <div>
        <dt>AUC</dt>
        <dd><strong>${words.number(auc!, 3)}</strong> <span class="soft">${words.say('backtest.auc.text')}</span></dd>
      </div>
      ${
        baseRate !== null &&
        html`<div>
          <dt>${words.say('backtest.base')}</dt>
          <dd>
            <strong>${words.percent(baseRate, 1)}</strong> <span class="soft">${words.say('backtest.base.text')}</span>
          </dd>
        </div>`
      }
    </dl>
    ${
      gains.length > 0 &&
      figure(words, {
        caption,
        chart: columnChart({
          label: caption,
          values: gains.map(({ wonSoFar }) => Math.round(wonSoFar * 100)),
          titles: gains.map(({ decile, wonSoFar }) => `${upTo(decile)}: ${words.percent(wonSoFar)}`),
          ends: [upTo(1), upTo(10)],
        }),
        head: [
          '',
          words.say('people'),
          words.say('suggest.won'),
          words.say('backtest.wonSoFar'),
          words.say('content.lift'),
        ],
        rows: gains.map(({ decile, people, wonSoFar }) => [
          upTo(decile),
          words.number(people * decile),
          words.number(wonSoFar * won),
          words.percent(wonSoFar),
          `${words.number((10 * wonSoFar) / decile, 2)} ×`,
        ]),
      })
    }
  </section>`
}

/** Whoever met the condition for MQL, here and in the live version. */
function qualified(frame: Frame, { mql, version, live, current }: BacktestFigures): Html {
  const { words } = frame
  const name = (of: number): string => words.say('scoring.version', { version: of })
  const rows = [[name(version), mql.model] as const, ...(live ? [] : [[name(current), mql.live] as const])]
  const cell = (label: string, value: string): Html =>
    html`<td role="cell" class="number" data-label="${label}">${value}</td>`
  const percent = (share: number | null): string => (share === null ? '–' : words.percent(share))
  const [perWeek, precision] = [words.say('backtest.perWeek'), words.say('backtest.precision')]
  const [recall, lift, lead] = [words.say('backtest.recall'), words.say('content.lift'), words.say('backtest.lead')]
  const interval = words.say('content.interval')
  return html`<section class="card flush" aria-labelledby="mql-title">
    <div class="card-head">
      <div>
        <h2 id="mql-title">${words.say('backtest.mql')}</h2>
        <p class="hint">${words.say('backtest.mql.text')}</p>
      </div>
    </div>
    <table class="report" role="table" aria-labelledby="mql-title">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader"><span class="visually-hidden">${words.say('scoring.versions')}</span></th>
          ${[perWeek, precision, interval, recall, lift, lead].map(label => html`<th scope="col" role="columnheader" class="number">${label}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          ([label, told]) =>
            html`<tr role="row">
              <th scope="row" role="rowheader">${label}</th>
              ${cell(perWeek, words.number(told.flaggedPerWeek, 1))} ${cell(precision, percent(told.precision.rate))}
              ${cell(
                interval,
                told.precision.rate === null ? '–' : `${percent(told.precision.low)}–${percent(told.precision.high)}`,
              )}
              ${cell(recall, percent(told.recall.rate))}
              ${cell(lift, told.lift === null ? '–' : `${words.number(told.lift, 2)} ×`)}
              ${cell(lead, told.medianLeadDays === null ? '–' : words.number(told.medianLeadDays, 1))}
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      !live &&
      html`<ul class="card-foot movers">
        ${moved(frame, 'enter', mql.enter)} ${moved(frame, 'leave', mql.leave)}
      </ul>`
    }
  </section>`
}

function moved(frame: Frame, which: 'enter' | 'leave', { won, lost, open, leads }: Moved): Html {
  const { words } = frame
  return html`<li>
    <p>${words.say(`backtest.${which}`, { count: won + lost + open, won })}</p>
    ${
      leads.length > 0 &&
      html`<ul class="row">
        ${leads
          .slice(0, NAMED)
          .map(id => html`<li><a href="${link(frame, `/leads/${encodeURIComponent(id)}`)}">…${id.slice(-6)}</a></li>`)}
      </ul>`
    }
  </li>`
}
