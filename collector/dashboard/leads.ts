import type { Lead } from '../../shared/lead.ts'
import { LEAD_SORTS } from '../../shared/lead.ts'
import type { SavedView } from '../../shared/saved-view.ts'
import { STAGES } from '../../shared/stage.ts'
import { sparkline } from './chart/sparkline.ts'
import { conditions } from './conditions.ts'
import { decide } from './decide.ts'
import { link, type Frame } from './frame.ts'
import { flag, html, type Html, type Piece } from './html.ts'
import { ICONS } from './icon.ts'
import { page } from './page.ts'
import { spoken, stageChip, whoIs } from './who.ts'
import type { Word } from './words.ts'

export interface LeadRow {
  lead: Lead
  /** Scores of the last weeks, the oldest first; `null` when the history is too long to be shown in a list. */
  trend: readonly (number | null)[] | null
}

export interface LeadList {
  rows: readonly LeadRow[]
  /** How many there are on all pages. */
  total: number
  /** What was asked, as it stands in the address. */
  query: Readonly<Record<string, string>>
  /** Where the next page begins; `null` when this is the last. */
  after: string | null
  /** Kept under a name by somebody. */
  views: readonly SavedView[]
  /** The most that a score can be. */
  top: number
}

/** Questions that everybody has. */
const VIEWS: { word: Word; query: Record<string, string> }[] = [
  { word: 'view.all', query: {} },
  { word: 'view.inbox', query: { stage: 'mql' } },
  { word: 'view.sql', query: { stage: 'sql' } },
  { word: 'view.rejected', query: { stage: 'recycled,disqualified' } },
]

/** Fields that stand in the filter form; what else was asked is kept beside them. */
const SHOWN = ['q', 'stage', 'sort', 'score_gte', 'grade', 'company', 'source', 'campaign']

/** `/leads`: everybody, or those who are asked for; with `stage=mql` it is sales' inbox. */
export function leadsPage(frame: Frame, list: LeadList): Html {
  const { words } = frame
  const { rows, total, query, after } = list
  return page(frame, {
    title: words.say('nav.leads'),
    nav: '/leads',
    head: html`<div class="head">
      <h1>${words.say('nav.leads')}</h1>
      <p class="count">${words.say('leads.count', { count: total })}</p>
    </div>`,
    main: html`
      ${views(frame, list)} ${filters(frame, query)} ${conditions(frame, query)}
      ${rows.length === 0 ? empty(frame, query) : table(frame, list)}
      <nav class="pages" aria-label="${words.say('paging')}">
        ${
          rows.length > 0 &&
          html`<a class="button" href="${link(frame, '/v1/leads.csv', { ...query, after: null, limit: null })}" download
            >${ICONS.file} ${words.say('csv')}</a
          >`
        }
        ${
          query['after'] !== undefined &&
          html`<a class="button" href="${link(frame, '/leads', { ...query, after: null })}"
            >${words.say('paging.first')}</a
          >`
        }
        ${
          after !== null &&
          html`<a class="button" rel="next" href="${link(frame, '/leads', { ...query, after })}"
            >${words.say('paging.next')}</a
          >`
        }
      </nav>
    `,
  })
}

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value)

/** Questions that everybody has, then those that somebody has saved; the present one can be. */
function views(frame: Frame, { query, views: saved }: LeadList): Html {
  const { words, csrf } = frame
  const { after: _, site: __, ...asked } = query
  const { sort: ___, ...unsorted } = asked
  const all = [
    ...VIEWS.map(({ word, query: own }) => ({ name: words.say(word), query: own, isCurrent: isSame(unsorted, own) })),
    ...saved.map(view => {
      const own = Object.fromEntries(new URLSearchParams(view.query))
      return { name: view.name, query: own, isCurrent: isSame(asked, own) }
    }),
  ]
  const current = saved.find(view => isSame(asked, Object.fromEntries(new URLSearchParams(view.query))))
  const hidden = html`<input type="hidden" name="csrf" value="${csrf}" />`
  return html`<div class="tabs">
    <nav aria-label="${words.say('views')}">
      <ul>
        ${all.map(
          ({ name, query: own, isCurrent }) =>
            html`<li>
              <a href="${link(frame, '/leads', own)}" ${isCurrent && html`aria-current="page"`}>${name}</a>
            </li>`,
        )}
      </ul>
    </nav>
    ${
      current
        ? html`<form method="post" action="${link(frame, `/leads/views/${current.id}/remove`)}">
            ${hidden}<input type="hidden" name="back" value="${link(frame, '/leads', asked)}" />
            <button class="quiet">${words.say('view.remove')}</button>
          </form>`
        : Object.keys(asked).length > 0 &&
          !all.some(({ isCurrent }) => isCurrent) &&
          html`<details class="save">
            <summary>${words.say('view.save')}</summary>
            <form class="row" method="post" action="${link(frame, '/leads/views')}">
              ${hidden}<input type="hidden" name="query" value="${new URLSearchParams(asked).toString()}" />
              <label
                ><span class="visually-hidden">${words.say('view.name')}</span
                ><input name="name" required maxlength="60" placeholder="${words.say('view.name')}"
              /></label>
              <button>${words.say('save')}</button>
            </form>
          </details>`
    }
  </div>`
}

function filters(frame: Frame, query: LeadList['query']): Html {
  const { words, site, sites } = frame
  const kept = Object.entries(query).filter(([name]) => !SHOWN.includes(name) && name !== 'after' && name !== 'site')
  const more = ['score_gte', 'grade', 'company', 'source', 'campaign'] as const
  const isOpen = more.some(name => (query[name] ?? '') !== '')
  const field = (name: (typeof more)[number], attributes: Piece = null) =>
    html`<label
      >${words.say(`filter.${name}`)} <input name="${name}" value="${query[name] ?? ''}" ${attributes}
    /></label>`
  return html`<form class="filters" method="get" action="/leads" role="search">
    ${sites.length > 1 && html`<input type="hidden" name="site" value="${site.id}" />`}
    ${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <label class="search"
      ><span class="visually-hidden">${words.say('filter.q')}</span>${ICONS.search}<input
        type="search"
        name="q"
        value="${query['q'] ?? ''}"
        placeholder="${words.say('filter.q')}"
    /></label>
    <label
      ><span class="visually-hidden">${words.say('filter.stage')}</span>
      <select name="stage">
        <option value="">${words.say('filter.anyStage')}</option>
        ${
          (query['stage'] ?? '').includes(',') &&
          html`<option value="${query['stage'] ?? ''}" selected>
            ${(query['stage'] ?? '')
              .split(',')
              .map(stage => words.sayIf(`stage.${stage}`, stage))
              .join(', ')}
          </option>`
        }
        ${STAGES.map(
          stage =>
            html`<option value="${stage}" ${flag('selected', query['stage'] === stage)}>
              ${words.say(`stage.${stage}`)}
            </option>`,
        )}
      </select></label
    >
    <label
      ><span class="visually-hidden">${words.say('filter.sort')}</span>
      <select name="sort">
        ${LEAD_SORTS.map(
          sort =>
            html`<option value="-${sort}" ${flag('selected', (query['sort'] ?? '-score') === `-${sort}`)}>
              ${words.say(`sort.${sort}`)}
            </option>`,
        )}
      </select></label
    >
    <details ${flag('open', isOpen)}>
      <summary>${words.say('filter.more')}</summary>
      <div class="grid">
        ${field('score_gte', html`inputmode="decimal" size="6"`)} ${field('grade', html`size="4" maxlength="2"`)}
        ${field('company')} ${field('source')} ${field('campaign')}
      </div>
    </details>
    <button class="primary">${words.say('filter.apply')}</button>
  </form>`
}

function empty(frame: Frame, query: LeadList['query']): Html {
  const { words } = frame
  const isFiltered = Object.keys(query).some(name => name !== 'site' && name !== 'sort')
  return html`<div class="card empty">
    <h2>${words.say(isFiltered ? 'leads.noMatch' : 'leads.none')}</h2>
    <p>${words.say(isFiltered ? 'leads.noMatch.text' : 'leads.none.text')}</p>
    ${isFiltered && html`<p><a class="button" href="${link(frame, '/leads')}">${words.say('filter.clear')}</a></p>`}
  </div>`
}

function table(frame: Frame, { rows, top }: LeadList): Html {
  const { words } = frame
  const head = (word: Word, type = '') =>
    html`<th scope="col" role="columnheader" class="${type}">${words.say(word)}</th>`
  return html`<div class="card flush">
    <table class="leads" role="table">
      <caption class="visually-hidden">
        ${words.say('nav.leads')}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${head('lead')} ${head('stage')} ${head('score', 'number')} ${head('why')} ${head('lastSeen')}
          <th scope="col" role="columnheader"><span class="visually-hidden">${words.say('decision')}</span></th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(row => leadRow(frame, row, top))}
      </tbody>
    </table>
  </div>`
}

function leadRow(frame: Frame, { lead, trend }: LeadRow, top: number): Html {
  const { words, now, here } = frame
  const { name, others } = whoIs(words, lead)
  return html`<tr role="row">
    <th scope="row" role="rowheader" class="who">
      <a href="${link(frame, `/leads/${encodeURIComponent(lead.id)}`)}">${name}</a>
      ${others.length > 0 && html`<span class="soft">${others.join(' · ')}</span>`}
    </th>
    <td role="cell" class="stage">
      ${stageChip(words, lead.stage)}
      ${lead.candidateSince !== null && html`<span class="chip hot">${ICONS.bolt}${words.say('fastTrack')}</span>`}
    </td>
    <td role="cell" class="score number">
      ${
        lead.profilingStopped
          ? html`<span class="soft">${words.say('stopped')}</span>`
          : html`${trend && sparkline(trend, top)} <strong>${words.number(lead.score, 0)}</strong>
              <span class="soft"><span class="visually-hidden">${words.say('grade')} </span>${lead.grade}</span>`
      }
    </td>
    <td role="cell" class="why">
      ${
        lead.topReasons.length > 0 &&
        html`<ul class="reasons">
          ${lead.topReasons.map(({ rule, points }) => html`<li>${spoken(rule)} <b>${words.signed(points, 0)}</b></li>`)}
        </ul>`
      }
    </td>
    <td role="cell" class="seen">
      ${
        lead.lastSeen !== null &&
        html`<time datetime="${new Date(lead.lastSeen).toISOString()}" title="${words.dateTime(lead.lastSeen)}"
          >${words.relative(lead.lastSeen, now)}</time
        >`
      }
    </td>
    <td role="cell" class="act">${decide(frame, lead, here)}</td>
  </tr>`
}
