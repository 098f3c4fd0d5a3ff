import { LEAST_PEOPLE, LEAST_WINS } from '../../../shared/backtest.ts'
import type { Instant } from '../../../shared/instant.ts'
import type { Rate } from '../../../shared/interval.ts'
import type { Model, Rule } from '../../../shared/model.ts'
import { intervalBar } from '../chart/interval.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { spoken } from '../who.ts'
import { asOf, learningPage } from './learning.ts'
import { decimals, pointsOf, ruleName } from './rule.ts'
import type { Subject } from './tabs.ts'

interface RuleSuggestion {
  rule: string
  pointsNow: number
  /** 0: take it out; `null`: refused. */
  points: number | null
  halfLifeDaysNow: number | null
  halfLifeDays: number | null
  evidence: { people: number; won: number; lost: number; rate: Rate }
}

export interface SuggestionFigures extends Subject {
  document: Model
  asked: Instant
  pointsPerDoubling: number
  trained: { until: Instant | null; won: number; lost: number; openAsLost: boolean }
  validated: { won: number; lost: number; auc: number | null; aucBefore: number | null }
  /** One for each rule of the document, in its order. */
  rules: readonly RuleSuggestion[]
  /** `lost`: those of whom nobody knows yet are asked to count as lost. */
  open: 'lost' | null
}

/** `/scoring/:version/suggestions`: the points that wins and losses speak for, to be accepted rule by rule. */
export function suggestionsPage(frame: Frame, figures: SuggestionFigures): Html {
  const { words, csrf } = frame
  const { version, document, rules } = figures
  const isAny = rules.some(({ points }) => points !== null)
  const top = Math.max(...rules.map(({ evidence }) => (evidence.people > 0 ? evidence.rate.high : 0)), 0.01)
  const main = html`<form
    method="post"
    class="card flush"
    action="${link(frame, `/scoring/${version}/suggestions`)}"
    aria-labelledby="suggest-title"
  >
    <input type="hidden" name="csrf" value="${csrf}" />
    <div class="card-head">
      <div>
        <h2 id="suggest-title">${words.say('suggest')}</h2>
        <p class="hint">${words.say('suggest.text', { points: figures.pointsPerDoubling })}</p>
        <p class="hint">${tried(frame, figures)} ${asOf(frame, figures.asked)} ${openNav(frame, figures)}</p>
      </div>
    </div>
    <table class="report roomy" role="table" aria-labelledby="suggest-title">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">${words.say('why.rule')}</th>
          <th scope="col" role="columnheader" class="number">${words.say('suggest.now')}</th>
          <th scope="col" role="columnheader">${words.say('suggest.points')}</th>
          <th scope="col" role="columnheader" class="number">${words.say('suggest.won')}</th>
          <th scope="col" role="columnheader" class="number">${words.say('suggest.lost')}</th>
          <th scope="col" role="columnheader" class="rate">${words.say('suggest.rate')}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${document.rules.map((rule, index) => rules[index] && ruleRow(frame, figures, rule, rules[index], index, top))}
      </tbody>
    </table>
    ${
      isAny &&
      html`<p class="card-foot row">
        <button class="primary">${words.say('suggest.take')}</button>
        <button name="all" value="true">${words.say('suggest.takeAll')}</button>
        <span class="hint">${words.say('scoring.draft.hint')}</span>
      </p>`
    }
  </form>`
  return learningPage(frame, figures, 'suggest', main)
}

/** Whether the undecided count, and the way to the other. */
function openNav(frame: Frame, { version, trained, open }: SuggestionFigures): Piece {
  const { words } = frame
  if (trained.openAsLost && open === null) return words.say('backtest.allOpenAsLost')
  const other = link(frame, `/scoring/${version}/suggestions`, { open: open === null ? 'lost' : null })
  return html`<a href="${other}">${words.say(open === null ? 'backtest.countOpen' : 'backtest.leaveOpen')}</a>`
}

/** Of whom it was learned, and what became of it with later people. */
function tried({ words }: Frame, { trained, validated }: SuggestionFigures): Piece {
  const { won, lost, until } = trained
  const learned = words.say('suggest.trained', { won, lost })
  const { auc, aucBefore } = validated
  const isFew = validated.won + validated.lost < LEAST_PEOPLE || validated.won < LEAST_WINS
  if (isFew || until === null || auc === null || aucBefore === null) return [learned, ' ', words.say('suggest.untried')]
  const told = words.say('suggest.tried', {
    until: words.date(until),
    count: validated.won + validated.lost,
    after: words.number(auc, 3),
    before: words.number(aucBefore, 3),
  })
  return [learned, ' ', told, ' ', auc <= aucBefore && html`<b>${words.say('suggest.noBetter')}</b>`]
}

const tooFew = ({ words }: Frame, { people, won }: RuleSuggestion['evidence']): string =>
  people < LEAST_PEOPLE
    ? words.say('suggest.fewPeople', { count: people, least: LEAST_PEOPLE })
    : words.say('suggest.fewWins', { count: won, least: LEAST_WINS })

function ruleRow(
  frame: Frame,
  { trained }: SuggestionFigures,
  rule: Rule,
  suggestion: RuleSuggestion,
  index: number,
  top: number,
): Html {
  const { words } = frame
  const { points, evidence, halfLifeDays, halfLifeDaysNow } = suggestion
  const days = (value: number | null): string => (value === null ? '∞' : words.say('period.days', { count: value }))
  const everybody = trained.won + trained.lost
  const { rate, low, high } = evidence.rate
  return html`<tr role="row">
    <th scope="row" role="rowheader">${ruleName(words, rule)}</th>
    <td role="cell" class="number" data-label="${words.say('suggest.now')}"><b>${pointsOf(words, rule)}</b></td>
    <td role="cell" class="suggested" data-label="${words.say('suggest.points')}">
      ${
        points === null
          ? html`<span class="soft">${tooFew(frame, evidence)}</span>`
          : html`<label class="check">
                <input
                  type="checkbox"
                  name="accept-${index}"
                  value="true"
                  aria-label="${words.say('suggest.accept', { rule: spoken(rule.id), points: words.signed(points) })}"
                />
                <span>
                  <b>${points === 0 ? words.say('suggest.remove') : words.signed(points, decimals(points))}</b>
                  ${points === 0 && html`<span class="soft about">${words.say('suggest.remove.text')}</span>`}
                  ${
                    points !== 0 &&
                    halfLifeDays !== halfLifeDaysNow &&
                    html`<span class="soft about"
                      >${words.say('scoring.halfLife')}: ${days(halfLifeDaysNow)} → ${days(halfLifeDays)}</span
                    >`
                  }
                </span>
              </label>
              <input type="hidden" name="points-${index}" value="${points}" />
              ${
                halfLifeDays !== halfLifeDaysNow &&
                html`<input type="hidden" name="half-life-${index}" value="${halfLifeDays ?? 'null'}" />`
              }`
      }
    </td>
    <td role="cell" class="number" data-label="${words.say('suggest.won')}">${words.number(evidence.won)}</td>
    <td role="cell" class="number" data-label="${words.say('suggest.lost')}">${words.number(evidence.lost)}</td>
    <td role="cell" class="rate" data-label="${words.say('suggest.rate')}">
      ${
        rate !== null &&
        html`<span class="said"
            ><b>${words.percent(rate, 1)}</b>
            <span class="soft"
              ><span class="visually-hidden">${words.say('content.interval')} </span
              >${words.percent(low)}–${words.percent(high)}</span
            ></span
          >
          ${intervalBar(evidence.rate, top, everybody === 0 ? null : trained.won / everybody)}`
      }
    </td>
  </tr>`
}
