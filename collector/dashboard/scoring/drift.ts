import type { Instant } from '../../../shared/instant.ts'
import { columnChart } from '../chart/columns.ts'
import { figure } from '../chart/figure.ts'
import type { Frame } from '../frame.ts'
import { html, type Piece } from '../html.ts'

/** How high people scored after the last thing they did in a month. */
export interface DriftFigures {
  from: Instant
  people: number
  median: number | null
  /** Against the month before; `null` when either has too few people. */
  stabilityIndex: number | null
  shifted: boolean
}

/** Whether the score still means what it did. */
export function driftCard({ words }: Frame, months: readonly DriftFigures[]): Piece {
  if (months.length < 2) return null
  const caption = words.say('scoring.drift.text')
  const median = (value: number | null): string => (value === null ? '–' : words.number(value, 1))
  return html`<section class="card" aria-labelledby="drift-title">
    <h2 id="drift-title">${words.say('scoring.drift')}</h2>
    ${figure(words, {
      caption,
      chart: columnChart({
        label: caption,
        values: months.map(({ median: value }) => Math.round(value ?? 0)),
        titles: months.map(({ from, median: value }) => `${words.month(from)}: ${median(value)}`),
        ends: [words.month(months[0]!.from), words.month(months.at(-1)!.from)],
      }),
      head: [
        words.say('scoring.drift.month'),
        words.say('people'),
        words.say('scoring.drift.median'),
        words.say('scoring.drift.index'),
      ],
      rows: months.map(({ from, people, median: value, stabilityIndex }) => [
        words.month(from),
        words.number(people),
        median(value),
        stabilityIndex === null ? '–' : words.number(stabilityIndex, 2),
      ]),
    })}
    ${
      months.some(({ shifted }) => shifted) &&
      html`<ul class="obstacles">
        ${months
          .filter(({ shifted }) => shifted)
          .map(
            ({ from, stabilityIndex }) =>
              html`<li>
                ${words.say('scoring.drift.shifted', { month: words.month(from), index: words.number(stabilityIndex!, 2) })}
              </li>`,
          )}
      </ul>`
    }
  </section>`
}
