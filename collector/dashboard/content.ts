import { FACETS, TOUCH_KINDS, type Facet, type TouchKind } from '../../shared/facet.ts'
import { intervalBar } from './chart/interval.ts'
import { link, type Frame } from './frame.ts'
import { html, type Html, type Piece } from './html.ts'
import { page } from './page.ts'
import { DEFAULT_DAYS, periodNav } from './period.ts'
import { cut } from './who.ts'
import type { Word } from './words.ts'

/** A share of people, with its 95 % interval; `few`: too few to conclude anything. */
interface Share {
  rate: number | null
  low: number
  high: number
  few: boolean
}
type Counted = 'people' | 'lead' | 'mql' | 'sql' | 'customer'
type Tally = Record<Counted, number>
type Sort = Counted | 'mql_rate'

/** What people came in touch with in a period, and how far they have come since. */
export interface ContentFigures {
  by: Facet
  touch: TouchKind
  sort: Sort
  /** Days that the page is about, and as the API is asked for them: days of the frame's time zone, half-open. */
  period: { days: number; from: string; to: string }
  report: {
    rows: readonly { value: string; tally: Tally; mqlRate: Share; lift: number | null; medianDays: number | null }[]
    /** Of how many these are the first. */
    count: number
    all: { tally: Tally; mqlRate: Share }
  }
}

/** The order of the columns of numbers, and what each is called. */
const COLUMNS: readonly [Counted, Word][] = [
  ['people', 'people'],
  ['lead', 'stages.lead'],
  ['mql', 'stages.mql'],
  ['sql', 'stages.sql'],
  ['customer', 'stages.customer'],
]

/** `/content`: which pages, offers and campaigns bring the best leads. */
export function contentPage(frame: Frame, figures: ContentFigures): Html {
  const { words } = frame
  const { by, touch, report, period } = figures
  return page(frame, {
    title: words.say('content'),
    nav: '/content',
    head: html`<div class="head between">
      <h1>${words.say('content')}</h1>
      ${periodNav(frame, '/content', period.days, { ...asked(figures), days: null })}
    </div>`,
    main: html`<nav class="tabs" aria-label="${words.say('content.by')}">
        <ul>
          ${FACETS.map(
            facet =>
              html`<li>
                <a href="${contentLink(frame, figures, { by: facet })}" ${facet === by && html`aria-current="page"`}
                  >${words.say(`facet.${facet}`)}</a
                >
              </li>`,
          )}
        </ul>
      </nav>
      <section class="card flush" aria-labelledby="content-title">
        <div class="card-head">
          <div>
            <h2 id="content-title">${words.say(`facet.${by}`)}</h2>
            <p class="hint">${words.say(`content.${touch}`)}</p>
          </div>
          <nav class="segments-nav" aria-label="${words.say('content.touch')}">
            <ul>
              ${TOUCH_KINDS.map(
                kind =>
                  html`<li>
                    <a
                      href="${contentLink(frame, figures, { touch: kind })}"
                      ${kind === touch && html`aria-current="true"`}
                      >${words.say(`touch.${kind}`)}</a
                    >
                  </li>`,
              )}
            </ul>
          </nav>
        </div>
        ${report.rows.length === 0 ? html`<p class="nothing soft">${words.say('content.none')}</p>` : table(frame, figures)}
      </section>
      <div class="head between">
        <p class="hint">
          ${report.rows.length < report.count && words.say('content.shown', { shown: report.rows.length, count: report.count })}
          ${words.say('content.explained')}
        </p>
        <p class="row">
          <a href="${link(frame, '/content.csv', asked(figures))}" download>${words.say('csv')}</a>
          <a href="${link(frame, '/content.json', asked(figures))}">JSON</a>
        </p>
      </div>`,
  })
}

/** What is asked for, without what is asked for anyway. */
const asked = ({ by, touch, sort, period: { days } }: ContentFigures): Record<string, string | null> => ({
  by: by === 'page' ? null : by,
  touch: touch === 'any' ? null : touch,
  sort: sort === 'people' ? null : `-${sort}`,
  days: days === DEFAULT_DAYS ? null : String(days),
})

const contentLink = (frame: Frame, figures: ContentFigures, changed: Partial<ContentFigures>): string =>
  link(frame, '/content', asked({ ...figures, ...changed }))

/** Exactly those that a number counts; `value`: of what, or of everybody. */
function leadsLink(
  frame: Frame,
  { by, touch, period }: ContentFigures,
  value: string | null,
  counted: Counted,
): string {
  const { from, to } = period
  const reached = counted === 'people' ? null : counted
  const contact = value === null ? {} : { [by]: value, touch: touch === 'first' ? touch : null }
  return link(frame, '/leads', { ...contact, reached, from, to, tz: frame.words.zone })
}

function table(frame: Frame, figures: ContentFigures): Html {
  const { words } = frame
  const { by, report } = figures
  const { rows, all } = report
  const top = Math.max(all.mqlRate.high, ...rows.map(row => row.mqlRate.high))
  return html`<table class="report" role="table" aria-labelledby="content-title">
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">${words.say(`facet.${by}`)}</th>
        ${COLUMNS.map(([name, word]) => sortable(frame, figures, name, words.say(word), 'number'))}
        ${sortable(frame, figures, 'mql_rate', words.say('content.rate'), 'rate')}
        <th scope="col" role="columnheader" class="number">${words.say('content.lift')}</th>
        <th scope="col" role="columnheader" class="number">${words.say('funnel.days')}</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      <tr role="row" class="all">
        <th scope="row" role="rowheader">${words.say('content.everybody')}</th>
        ${numbers(frame, figures, null, all.tally)} ${rateCell(frame, all.mqlRate, top, null)}
        <td role="cell" class="number"></td>
        <td role="cell" class="number"></td>
      </tr>
      ${rows.map(
        ({ value, tally, mqlRate, lift, medianDays }) =>
          html`<tr role="row">
            <th scope="row" role="rowheader">${cut(value)}</th>
            ${numbers(frame, figures, value, tally)} ${rateCell(frame, mqlRate, top, all.mqlRate.rate)}
            ${plainCell(words.say('content.lift'), lift === null ? null : `${words.number(lift, 1)} ×`)}
            ${plainCell(words.say('funnel.days'), medianDays === null ? null : words.number(medianDays, 1))}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function sortable(frame: Frame, figures: ContentFigures, sort: Sort, name: string, kind: string): Html {
  const isSorted = sort === figures.sort
  return html`<th scope="col" role="columnheader" class="${kind}" ${isSorted && html`aria-sort="descending"`}>
    <a href="${contentLink(frame, figures, { sort })}"
      >${name}${isSorted && html`<span aria-hidden="true"> ↓</span>`}</a
    >
  </th>`
}

const numbers = (frame: Frame, figures: ContentFigures, value: string | null, tally: Tally): Piece =>
  COLUMNS.map(
    ([name, word]) =>
      html`<td role="cell" class="number" data-label="${frame.words.say(word)}">
        <a href="${leadsLink(frame, figures, value, name)}">${frame.words.number(tally[name])}</a>
      </td>`,
  )

function rateCell({ words }: Frame, share: Share, top: number, everybody: number | null): Html {
  const { rate, low, high, few } = share
  return html`<td role="cell" class="rate" data-label="${words.say('content.rate')}">
    <span class="said">
      <b>${rate === null ? '–' : words.percent(rate, 1)}</b>
      <span class="soft">
        <span class="visually-hidden">${words.say('content.interval')} </span
        >${words.percent(low)}–${words.percent(high)}
      </span>
      ${few && html`<span class="chip">${words.say('few')}</span>`}
    </span>
    ${intervalBar(share, top, everybody)}
  </td>`
}

const plainCell = (label: string, value: string | null): Html =>
  html`<td role="cell" class="number" data-label="${label}">${value}</td>`
