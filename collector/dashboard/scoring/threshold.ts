import { nobodyRow, type Histogram, type ThresholdRow } from '../../../shared/backtest.ts'
import type { ScoreName } from '../../../shared/model.ts'
import { curveChart } from '../chart/curves.ts'
import { figure } from '../chart/figure.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import type { Word, Words } from '../words.ts'

export interface ThresholdFigures {
  version: number
  score: ScoreName
  weeks: number
  histogram: Histogram
  /** One for each bin. */
  thresholds: readonly ThresholdRow[]
  /** The threshold that is looked at. */
  at: number
  /** How much of the score the condition for MQL asks for; `null`: none. */
  now: number | null
  /** The threshold with the best F1; `null` without any win. */
  best: number | null
  /** How many people sales were said to take a week. */
  perWeek: number | null
  /** `lost`: those of whom nobody knows yet are asked to count as lost. */
  open: 'lost' | null
}

const SCORE_WORDS = { total: 'total', engagement: 'engagement', fit: 'fit' } as const satisfies Record<ScoreName, Word>

/** What a threshold would have done, as one moves it: every figure is a cell of that threshold's row in the table. */
export function thresholdCard(frame: Frame, figures: ThresholdFigures, about: Piece): Html {
  const { words } = frame
  const { histogram, thresholds, weeks, score } = figures
  const rows = [...thresholds, nobodyRow(histogram, weeks)]
  const decimals = histogram.step < 1 ? 1 : 0
  const place = placeOf(rows, figures.at)
  const chosen = rows[place]!
  const caption = words.say('backtest.chart')
  const scale = { threshold: rows.map(row => row.threshold), flagged: rows.map(row => row.flagged), weeks }
  const told = (row: ThresholdRow): string[] => COLUMNS.map(({ tell }) => tell(words, row))
  const slider = html`<input
    type="range"
    class="slider"
    hidden
    min="${rows[0]!.threshold}"
    max="${rows.at(-1)!.threshold}"
    step="${histogram.step}"
    value="${chosen.threshold}"
    aria-label="${words.say('threshold')}"
    data-slider
  />`
  return html`<section class="card thresholds" aria-labelledby="threshold-title" data-scale="${JSON.stringify(scale)}">
    <div class="head between">
      <h2 id="threshold-title">${words.say('threshold')}</h2>
      ${scoreNav(frame, figures)}
    </div>
    ${about}
    ${figure(words, {
      caption,
      chart: html`${curveChart({
        label: caption,
        points: rows.map(({ precision, recall }) => ({ first: precision, second: recall.rate })),
        names: { first: words.say('backtest.precision'), second: words.say('backtest.recall') },
        mark: rows.length > 1 ? place / (rows.length - 1) : 0,
        ends: [words.number(rows[0]!.threshold, decimals), words.number(rows.at(-1)!.threshold, decimals)],
        shares: [words.percent(0.5), words.percent(1)],
      })}
      ${slider}`,
      head: [words.say('threshold'), ...COLUMNS.map(({ word }) => words.say(word))],
      rows: rows.map(row => [words.number(row.threshold, decimals), ...told(row)]),
    })}
    ${chooser(frame, figures, rows, chosen.threshold)}
    <dl class="figures">
      ${COLUMNS.map(
        ({ word, explained, tell }, index) =>
          html`<div>
            <dt>${words.say(word)}</dt>
            <dd>
              <strong data-column="${index + 1}">${tell(words, chosen)}</strong>
              <span class="soft">${words.say(explained)}</span>
            </dd>
          </div>`,
      )}
    </dl>
    <form method="post" class="row" action="${link(frame, `/scoring/${figures.version}/threshold`)}">
      <input type="hidden" name="csrf" value="${frame.csrf}" />
      <input type="hidden" name="score" value="${score}" />
      <input type="hidden" name="gte" value="${chosen.threshold}" data-threshold />
      <button class="primary" name="publish" value="true">${words.say('backtest.publish')}</button>
      <button>${words.say('scoring.draft')}</button>
    </form>
    <p class="hint">${words.say('backtest.publish.text')}</p>
  </section>`
}

/** The row that a threshold belongs to: those between two are as the next one above. */
function placeOf(rows: readonly ThresholdRow[], at: number): number {
  const found = rows.findIndex(({ threshold }) => threshold >= at)
  return found < 0 ? rows.length - 1 : found
}

interface Column {
  word: Word
  explained: Word
  tell: (words: Words, row: ThresholdRow) => string
}

const UNKNOWN = '–'

const COLUMNS: readonly Column[] = [
  {
    word: 'backtest.perWeek',
    explained: 'backtest.perWeek.text',
    tell: (words, { flaggedPerWeek }) => words.number(flaggedPerWeek, 1),
  },
  {
    word: 'backtest.precision',
    explained: 'backtest.precision.text',
    tell: (words, { precision: { rate } }) => (rate === null ? UNKNOWN : words.percent(rate)),
  },
  {
    word: 'content.interval',
    explained: 'backtest.interval.text',
    tell: (words, { precision: { rate, low, high } }) =>
      rate === null ? UNKNOWN : `${words.percent(low)}–${words.percent(high)}`,
  },
  {
    word: 'backtest.recall',
    explained: 'backtest.recall.text',
    tell: (words, { recall: { rate } }) => (rate === null ? UNKNOWN : words.percent(rate)),
  },
  {
    word: 'content.lift',
    explained: 'backtest.lift.text',
    tell: (words, { lift }) => (lift === null ? UNKNOWN : `${words.number(lift, 2)} ×`),
  },
  {
    word: 'backtest.lead',
    explained: 'backtest.lead.text',
    tell: (words, { medianLeadDays }) => (medianLeadDays === null ? UNKNOWN : words.number(medianLeadDays, 1)),
  },
  {
    word: 'backtest.flagged',
    explained: 'backtest.flagged.text',
    tell: (words, { flagged }) => words.number(flagged),
  },
]

function scoreNav(frame: Frame, { version, score, open }: ThresholdFigures): Html {
  const { words } = frame
  return html`<nav class="segments-nav" aria-label="${words.say('backtest.score')}">
    <ul>
      ${Object.entries(SCORE_WORDS).map(
        ([name, word]) =>
          html`<li>
            <a
              href="${link(frame, `/scoring/${version}/backtest`, { score: name, open })}"
              ${name === score && html`aria-current="true"`}
              >${words.say(word)}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`
}

/** The threshold by its number, or by how many people sales can take: of use without a script, too. */
function chooser(frame: Frame, figures: ThresholdFigures, rows: readonly ThresholdRow[], at: number): Html {
  const { words } = frame
  const { version, score, histogram, now, best, perWeek, open } = figures
  const [min, max, { step }] = [rows[0]!.threshold, rows.at(-1)!.threshold, histogram]
  const action = `/scoring/${version}/backtest`
  const decimals = step < 1 ? 1 : 0
  const offered = [
    { word: 'backtest.now', threshold: now },
    { word: 'backtest.best', threshold: best },
  ] as const
  const kept = html`<input type="hidden" name="score" value="${score}" />
    ${open !== null && html`<input type="hidden" name="open" value="${open}" />`}
    ${frame.sites.length > 1 && html`<input type="hidden" name="site" value="${frame.site.id}" />`}`
  return html`<div class="choosers">
    <form method="get" action="${action}">
      ${kept}
      <label for="at">${words.say('threshold')}</label>
      <div class="row">
        <input
          id="at"
          name="at"
          type="number"
          inputmode="decimal"
          min="${min}"
          max="${max}"
          step="${step}"
          value="${at}"
          required
          data-threshold
        />
        <button data-without-script>${words.say('filter.apply')}</button>
        ${offered.map(
          ({ word, threshold }) =>
            threshold !== null &&
            html`<a class="button" href="${link(frame, action, { score, open, at: threshold })}" data-at="${threshold}"
              >${words.say(word, { threshold: words.number(threshold, decimals) })}</a
            >`,
        )}
      </div>
    </form>
    <form method="get" action="${action}">
      ${kept}
      <label for="per-week">${words.say('backtest.capacity')}</label>
      <div class="row">
        <input id="per-week" name="per_week" type="number" min="0" step="any" value="${perWeek ?? ''}" data-capacity />
        <button>${words.say('backtest.capacity.find')}</button>
      </div>
    </form>
  </div>`
}
