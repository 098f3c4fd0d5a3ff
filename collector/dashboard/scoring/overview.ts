import type { Instant } from '../../../shared/instant.ts'
import type { Model, Rule, Warning } from '../../../shared/model.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { page } from '../page.ts'
import { driftCard, type DriftFigures } from './drift.ts'
import { decimals, pointsOf, ruleName } from './rule.ts'
import { scoringTabs } from './tabs.ts'

/** A version in the list of all of them. */
export interface VersionLine {
  version: number
  name: string
  createdAt: Instant
  publishedAt: Instant | null
  copyOf: number | null
  live: boolean
}

/** Of the MQLs, the won or the rejected, the share that held points by a rule; `of` how many. */
interface Share {
  rate: number | null
  low: number
  high: number
  of: number
  few: boolean
}

export interface RuleFigures {
  /** Events that it matched in the last 30 days. */
  fired: number
  mql: Share
  won: Share
  lost: Share
  dead: boolean
  /** Where it is commoner, if that is no chance. */
  overRepresented: 'won' | 'lost' | null
}

export interface ScoringFigures {
  version: number
  document: Model
  warnings: readonly Warning[]
  versions: readonly VersionLine[]
  /** By the rule's id: what one event a day comes to in the long run; only of rules that fade. */
  steady: ReadonlyMap<string, number>
  /** By the rule's id; `null` while it is not known. */
  rules: ReadonlyMap<string, RuleFigures> | null
  /** Of how many people how many were looked at for that, if not everybody. */
  sample: { people: number; of: number } | null
  /** By month, the earliest first. */
  drift: readonly DriftFigures[]
}

/** `/scoring`: what counts how much, what each rule did, and all versions. */
export function scoringPage(frame: Frame, figures: ScoringFigures): Html {
  const { words } = frame
  const { version, document, warnings, versions } = figures
  return page(frame, {
    title: words.say('nav.scoring'),
    nav: '/scoring',
    head: html`<div class="head between">
      <h1>${words.say('nav.scoring')}</h1>
      <a class="button primary" href="${link(frame, `/scoring/${version}/edit`)}">${words.say('scoring.edit')}</a>
    </div>`,
    main: html`${scoringTabs(frame, { version, name: document.name, live: true }, 'scoring.rules')}
      ${warningList(frame, warnings)}
      <section class="card flush" aria-labelledby="rules-title">
        <div class="card-head">
          <div>
            <h2 id="rules-title">${document.name}</h2>
            <p class="hint">${words.say('scoring.live', { version })} ${words.say('scoring.explained')}</p>
            ${figures.rules === null && html`<p class="hint">${words.say('scoring.counting')}</p>`}
            ${figures.sample && html`<p class="hint">${words.say('scoring.sample', figures.sample)}</p>`}
          </div>
        </div>
        ${rulesTable(frame, figures)}
      </section>
      ${driftCard(frame, figures.drift)}
      <section class="card" aria-labelledby="versions-title">
        <h2 id="versions-title">${words.say('scoring.versions')}</h2>
        <ul class="items">
          ${versions.map(
            one =>
              html`<li>
                <div>
                  <a href="${link(frame, `/scoring/${one.version}`)}">${versionName(frame, one)}</a>
                  <span class="soft">${words.dateTime(one.publishedAt ?? one.createdAt)}</span>
                </div>
                ${statusChip(frame, one)}
              </li>`,
          )}
        </ul>
      </section>`,
  })
}

export const versionName = ({ words }: Frame, { version, name }: Pick<VersionLine, 'version' | 'name'>): string =>
  `${words.say('scoring.version', { version })} · ${name}`

export const statusChip = ({ words }: Frame, { live, publishedAt }: Pick<VersionLine, 'live' | 'publishedAt'>): Html =>
  html`<span class="chip ${live && 'stage-customer'}"
    >${words.say(live ? 'scoring.status.live' : publishedAt === null ? 'scoring.status.draft' : 'scoring.status.past')}</span
  >`

/** What is allowed and probably not meant. It is in English: the API's own words. */
export function warningList({ words }: Frame, warnings: readonly Warning[]): Piece {
  if (warnings.length === 0) return null
  return html`<section class="card" aria-labelledby="warnings-title">
    <h2 id="warnings-title">${words.say('scoring.warnings')}</h2>
    <ul class="obstacles" lang="en">
      ${warnings.map(({ pointer, detail }) => html`<li><span>${detail}</span> <code>${pointer}</code></li>`)}
    </ul>
  </section>`
}

function rulesTable(frame: Frame, { document, rules, steady }: ScoringFigures): Html {
  const { words } = frame
  const any = rules?.values().next().value
  const of = (share: Share | undefined): Piece =>
    share && html`<span class="soft about">${words.say('scoring.of', { count: share.of })}</span>`
  return html`<table class="report roomy" role="table" aria-labelledby="rules-title">
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">${words.say('why.rule')}</th>
        <th scope="col" role="columnheader" class="number">${words.say('why.points')}</th>
        <th scope="col" role="columnheader" class="number">${words.say('scoring.halfLife')}</th>
        <th scope="col" role="columnheader" class="number">${words.say('scoring.limit')}</th>
        <th scope="col" role="columnheader" class="number">${words.say('scoring.fired')}</th>
        <th scope="col" role="columnheader" class="number">${words.say('scoring.mql')} ${of(any?.mql)}</th>
        <th scope="col" role="columnheader" class="number">${words.say('scoring.won')} ${of(any?.won)}</th>
        <th scope="col" role="columnheader" class="number">${words.say('scoring.lost')} ${of(any?.lost)}</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${document.rules.map(rule => ruleRow(frame, rule, rules?.get(rule.id) ?? null, steady.get(rule.id)))}
    </tbody>
  </table>`
}

function ruleRow({ words }: Frame, rule: Rule, figures: RuleFigures | null, steady: number | undefined): Html {
  const { halfLifeDays, limit, cap } = 'on' in rule ? rule : {}
  const number = (value: number): string => words.number(value, decimals(value))
  const share = ({ rate, low, high }: Share): Piece =>
    rate !== null &&
    html`${words.percent(rate)}
      <span class="soft about"
        ><span class="visually-hidden">${words.say('content.interval')} </span
        >${words.percent(low)}–${words.percent(high)}</span
      >`
  return html`<tr role="row">
    <th scope="row" role="rowheader">
      ${ruleName(words, rule)} ${figures?.dead && html`<span class="chip hot">${words.say('scoring.dead')}</span>`}
      ${
        figures?.overRepresented &&
        html`<span class="chip ${figures.overRepresented === 'won' ? 'stage-customer' : 'stage-disqualified'}"
          >${words.say(`scoring.commoner.${figures.overRepresented}`)}</span
        >`
      }
    </th>
    ${cell(words.say('why.points'), [
      html`<b>${pointsOf(words, rule)}</b>`,
      steady !== undefined && beneath(words.say('scoring.steady'), words.number(steady, 1)),
    ])}
    ${cell(
      words.say('scoring.halfLife'),
      typeof halfLifeDays === 'number' && words.say('period.days', { count: halfLifeDays }),
    )}
    ${cell(
      words.say('scoring.limit'),
      (limit || cap !== undefined) && [
        limit && words.say('scoring.limit.told', { n: limit.n, per: limit.per }),
        cap !== undefined && beneath(words.say('scoring.cap'), number(cap)),
      ],
    )}
    ${cell(words.say('scoring.fired'), figures && 'on' in rule && words.number(figures.fired))}
    ${cell(words.say('scoring.mql'), figures && share(figures.mql))}
    ${cell(words.say('scoring.won'), figures && share(figures.won))}
    ${cell(words.say('scoring.lost'), figures && share(figures.lost))}
  </tr>`
}

const beneath = (label: string, value: string): Html => html`<span class="soft about">${label}: ${value}</span>`

const cell = (label: string, value: Piece): Html =>
  html`<td role="cell" class="number" data-label="${label}">${value || html`<span class="soft">–</span>`}</td>`
