import type { Explanation, RulePoints } from '../../shared/score.ts'
import type { Frame } from './frame.ts'
import { html, type Html, type Piece } from './html.ts'
import { spoken } from './who.ts'

/** Events of one rule that are shown; of more, those that still count most. */
const SHOWN = 25

/**
 * Where every point comes from: rules, then what limits took or gave, then what rounding did, so that the column adds up to
 * the score as it is shown. `eventLink` leads to an event in the timeline.
 */
export function why(frame: Frame, explanation: Explanation, eventLink: (id: string, at: number) => string): Html {
  const { words } = frame
  const { rules, clamps, score } = explanation
  const sorted = rules.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
  const parts = [...sorted, ...clamps].reduce((sum, { points }) => sum + tenths(points), 0)
  const rounding = tenths(score) - parts
  const row = (name: Piece, points: number, more: Piece = null): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      <td>${more}</td>
      <td class="number" title="${String(points)}">${words.signed(points, 1)}</td>
    </tr>`
  if (sorted.length === 0 && clamps.length === 0) return html`<p class="soft">${words.say('why.nothing')}</p>`
  return html`<table class="why">
    <caption class="visually-hidden">
      ${words.say('why.caption')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${words.say('why.rule')}</th>
        <th scope="col">${words.say('why.from')}</th>
        <th scope="col" class="number">${words.say('why.points')}</th>
      </tr>
    </thead>
    <tbody>
      ${sorted.map(rule => row(spoken(rule.rule), rule.points, events(frame, rule, eventLink)))}
      ${clamps.map(({ scope, id, before, after, points }) =>
        row(
          words.say(scope === 'total' ? 'why.limitTotal' : 'why.limitGroup', { group: spoken(id) }),
          points,
          html`<span class="soft"
            >${words.say('why.limited', { before: words.number(before, 1), after: words.number(after, 1) })}</span
          >`,
        ),
      )}
      ${rounding !== 0 && row(words.say('why.rounding'), rounding / 10)}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">${words.say('score')}</th>
        <td></td>
        <td class="number" title="${String(score)}">${words.number(tenths(score) / 10, 1)}</td>
      </tr>
    </tfoot>
  </table>`
}

/** As a whole number, so that sums are exact. */
const tenths = (points: number): number => Math.round(points * 10)

function events(
  frame: Frame,
  { events: all, admitted, matched }: RulePoints,
  eventLink: (id: string, at: number) => string,
): Piece {
  const { words } = frame
  if (all.length === 0) return html`<span class="soft">${words.say('why.trait')}</span>`
  const shown = all.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points) || b.at - a.at).slice(0, SHOWN)
  return html`<details>
    <summary>${words.say('why.events', { admitted, matched })}</summary>
    <ul class="parts">
      ${shown.map(
        ({ id, type, at, raw, capped, points, multiplier, reversed }) =>
          html`<li>
            <a href="${eventLink(id, at)}">${words.sayIf(`event.${type}`, spoken(type))}</a>
            <span class="soft">${words.dateTime(at)}</span>
            <span class="sum"
              >${
                reversed
                  ? words.say('why.reversed')
                  : html`${words.number(raw, 1)}${capped !== 0 && html` ${words.signed(capped, 1)}`} ×
                      ${words.percent(multiplier)} = <b>${words.signed(points, 1)}</b>`
              }</span
            >
          </li>`,
      )}
      ${all.length > SHOWN && html`<li class="soft">${words.say('why.more', { count: all.length - SHOWN })}</li>`}
    </ul>
  </details>`
}
