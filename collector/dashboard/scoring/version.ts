import type { Model, Warning } from '../../../shared/model.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { page } from '../page.ts'
import { cut, spoken } from '../who.ts'
import { statusChip, versionName, warningList, type VersionLine } from './overview.ts'
import { changesOf } from './rule.ts'
import { scoringTabs } from './tabs.ts'

interface Moved {
  count: number
  leads: readonly string[]
}
interface Change {
  before: number
  after: number
  enter: Moved
  leave: Moved
}

export interface VersionFigures extends VersionLine {
  document: Model
  /** The live version, that it is held against. */
  current: { version: number; document: Model }
  warnings: readonly Warning[]
  /** Who would come and go; `null` when there are so many people that it is worked out only if asked for. */
  diff: {
    persons: number
    stages: Readonly<Record<string, Change>>
    labels: Readonly<Record<string, Change>>
    scores: { risen: number; fallen: number; same: number }
  } | null
}

/** Leads that are named of each change. */
const NAMED = 10

/** `/scoring/:version`: what it says and would change; published, or rolled back to, from here. */
export function versionPage(frame: Frame, figures: VersionFigures): Html {
  const { words, csrf } = frame
  const { version, live, publishedAt, warnings } = figures
  return page(frame, {
    title: `${versionName(frame, figures)} · ${words.say('nav.scoring')}`,
    nav: '/scoring',
    head: html`<div class="head between">
      <div>
        <a class="up" href="${link(frame, '/scoring')}">${words.say('nav.scoring')}</a>
        <h1>${versionName(frame, figures)}</h1>
        ${statusChip(frame, figures)}
      </div>
      <div class="row">
        <a class="button" href="${link(frame, `/scoring/${version}/edit`)}">${words.say('scoring.edit')}</a>
        ${
          !live &&
          html`<form method="post" action="${link(frame, `/scoring/${version}/publish`)}">
            <input type="hidden" name="csrf" value="${csrf}" />
            <button class="primary">${words.say(publishedAt === null ? 'scoring.publish' : 'scoring.rollBack')}</button>
          </form>`
        }
      </div>
    </div>`,
    main: html`${scoringTabs(frame, figures, 'scoring.rules')} ${warningList(frame, warnings)}
      ${!live && [changes(frame, figures), difference(frame, figures)]}
      <section class="card raw" aria-labelledby="json-title">
        <h2 id="json-title">${words.say('scoring.json')}</h2>
        <pre
          tabindex="0"
          role="region"
          aria-labelledby="json-title"
        ><code>${JSON.stringify(figures.document, null, 2)}</code></pre>
      </section>`,
  })
}

function changes(frame: Frame, { document, current }: VersionFigures): Html {
  const { words } = frame
  const changed = changesOf(current.document, document)
  return html`<section class="card" aria-labelledby="changes-title">
    <h2 id="changes-title">${words.say('scoring.changes', { version: current.version })}</h2>
    ${changed.length === 0 && html`<p class="soft">${words.say('scoring.changes.none')}</p>`}
    <ul class="items">
      ${changed.map(
        ({ what, from, to }) =>
          html`<li>
            <div><b>${what}</b></div>
            <span><code>${from}</code> → <code>${to}</code></span>
          </li>`,
      )}
    </ul>
  </section>`
}

function difference(frame: Frame, { version, diff }: VersionFigures): Html {
  const { words } = frame
  const label = words.say('scoring.diff')
  if (diff === null)
    return html`<section class="card" aria-labelledby="diff-title">
      <h2 id="diff-title">${label}</h2>
      <p>
        <a class="button" href="${link(frame, `/scoring/${version}`, { diff: 'true' })}"
          >${words.say('scoring.diff.ask')}</a
        >
      </p>
    </section>`
  const rows = [
    ...Object.entries(diff.stages).map(([stage, change]) => ({ name: words.sayIf(`stages.${stage}`, stage), change })),
    ...Object.entries(diff.labels).map(([id, change]) => ({ name: spoken(id), change })),
  ]
  const { persons, scores } = diff
  return html`<section class="card flush" aria-labelledby="diff-title">
    <div class="card-head">
      <div>
        <h2 id="diff-title">${label}</h2>
        <p class="hint">
          ${words.say('scoring.diff.text', { count: persons })} ${words.say('scoring.diff.scores', { ...scores })}
        </p>
      </div>
    </div>
    <table class="report" role="table" aria-labelledby="diff-title">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">${words.say('stage')}</th>
          ${COLUMNS.map(name => html`<th scope="col" role="columnheader" class="number">${words.say(`scoring.diff.${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          ({ name, change }) =>
            html`<tr role="row">
              <th scope="row" role="rowheader">${cut(name)}</th>
              ${COLUMNS.map(
                column =>
                  html`<td role="cell" class="number" data-label="${words.say(`scoring.diff.${column}`)}">
                    ${moved(frame, change[column])}
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

const COLUMNS = ['before', 'after', 'enter', 'leave'] as const

/** A number, and the first of those whom it counts. */
function moved(frame: Frame, value: number | Moved): Piece {
  const { words } = frame
  if (typeof value === 'number') return words.number(value)
  if (value.count === 0) return html`<span class="soft">0</span>`
  return html`<details>
    <summary>${words.number(value.count)}</summary>
    <ul>
      ${value.leads
        .slice(0, NAMED)
        .map(id => html`<li><a href="${link(frame, `/leads/${encodeURIComponent(id)}`)}">…${id.slice(-6)}</a></li>`)}
    </ul>
  </details>`
}
