import type { Model, Rule } from '../../../shared/model.ts'
import { link, type Frame } from '../frame.ts'
import { flag, html, type Html, type Piece } from '../html.ts'
import { page } from '../page.ts'
import { versionName } from './overview.ts'
import { pointsOf, ruleName } from './rule.ts'

/** What of a rule a form changes, and where that is in the document. */
export const RULE_FIELDS = {
  points: 'points',
  'half-life': 'halfLifeDays',
  limit: 'limit/n',
  per: 'limit/per',
  cap: 'cap',
} as const
export type RuleField = keyof typeof RULE_FIELDS

export const PER = ['visit', 'day', 'ever'] as const

export interface Editing {
  /** The version that is changed: a draft is a new one. */
  version: number
  name: string
  document: Model
  /** What was sent and could not be kept. */
  refused?: {
    /** Fields of the form by their names, as `points-0`. */
    fields?: Readonly<Record<string, string>>
    json?: string
    errors: readonly { pointer: string; detail: string }[]
  }
}

/** `/scoring/:version/edit`: the rules as a form, and the whole model as JSON; either becomes a draft. */
export function editPage(frame: Frame, editing: Editing): Html {
  const { words, csrf } = frame
  const { version, document, refused } = editing
  const inForm = refused && refused.json === undefined
  const elsewhere = (refused?.errors ?? []).filter(error => !inForm || !isOfField(document, error.pointer))
  const problem =
    refused && html`<p class="problem" role="alert">${words.say('scoring.wrong', { count: refused.errors.length })}</p>`
  return page(frame, {
    title: `${words.say('scoring.edit')} · ${words.say('nav.scoring')}`,
    nav: '/scoring',
    head: html`<div>
      <a class="up" href="${link(frame, '/scoring')}">${words.say('nav.scoring')}</a>
      <h1>${words.say('scoring.edit')}</h1>
      <p class="hint">${versionName(frame, editing)}. ${words.say('scoring.draft.hint')}</p>
    </div>`,
    main: html`<form method="post" class="card flush" action="${link(frame, `/scoring/${version}/draft`)}">
        <input type="hidden" name="csrf" value="${csrf}" />
        ${inForm && html`<div class="card-head">${problem} ${errorList(elsewhere)}</div>`}
        <table class="report roomy edit" role="table" aria-label="${words.say('scoring.edit')}">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">${words.say('why.rule')}</th>
              <th scope="col" role="columnheader">${words.say('why.points')}</th>
              <th scope="col" role="columnheader">${words.say('scoring.halfLife.days')}</th>
              <th scope="col" role="columnheader">${words.say('scoring.limit')}</th>
              <th scope="col" role="columnheader">${words.say('scoring.cap')}</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            ${document.rules.map((rule, index) => ruleRow(frame, editing, rule, index))}
          </tbody>
        </table>
        <p class="card-foot"><button class="primary">${words.say('scoring.draft')}</button></p>
      </form>
      <form method="post" class="card stack" action="${link(frame, `/scoring/${version}/json`)}">
        <input type="hidden" name="csrf" value="${csrf}" />
        <h2><label for="document">${words.say('scoring.json')}</label></h2>
        <p class="hint" id="document-hint">${words.say('scoring.json.hint')}</p>
        ${refused?.json !== undefined && html`<div id="document-errors">${problem} ${errorList(elsewhere)}</div>`}
        <textarea
          id="document"
          name="document"
          rows="24"
          spellcheck="false"
          class="code"
          aria-describedby="${refused?.json === undefined ? 'document-hint' : 'document-errors'}"
          ${refused?.json !== undefined && html`aria-invalid="true"`}
        >
${refused?.json ?? JSON.stringify(document, null, 2)}</textarea>
        <p><button>${words.say('scoring.draft')}</button></p>
      </form>`,
  })
}

/** In English: the validator's own words. */
const errorList = (errors: readonly { pointer: string; detail: string }[]): Piece =>
  errors.length > 0 &&
  html`<ul class="obstacles" lang="en">
    ${errors.map(({ pointer, detail }) => html`<li><span>${detail}</span> <code>${pointer || '/'}</code></li>`)}
  </ul>`

const pointerOf = (index: number, field: RuleField): string => `/rules/${index}/${RULE_FIELDS[field]}`

/** Whether the form shows what is wrong at the field itself. */
const isOfField = ({ rules }: Model, pointer: string): boolean =>
  rules.some(
    (rule, index) => fieldsOf(rule).some(field => pointer === pointerOf(index, field)) || pointer === `/rules/${index}`,
  )

/** What of a rule the form can change. */
export const fieldsOf = (rule: Rule): RuleField[] => {
  const points: RuleField[] = typeof rule.points === 'number' ? ['points'] : []
  return 'on' in rule ? [...points, 'half-life', 'limit', 'per', 'cap'] : points
}

function ruleRow(frame: Frame, { document, refused }: Editing, rule: Rule, index: number): Html {
  const { words } = frame
  const fields = fieldsOf(rule)
  const held = valuesOf(document, index)
  const value = (field: RuleField): string =>
    refused?.fields ? (refused.fields[`${field}-${index}`] ?? '') : held[field]
  const errorsAt = (field: RuleField) =>
    refused?.json !== undefined
      ? []
      : (refused?.errors ?? []).filter(
          ({ pointer }) => pointer === pointerOf(index, field) || (field === 'points' && pointer === `/rules/${index}`),
        )
  const input = (field: RuleField, label: string): Piece => {
    if (!fields.includes(field)) return null
    const [name, errors] = [`${field}-${index}`, errorsAt(field)]
    return html`<input
        type="number"
        step="any"
        name="${name}"
        value="${value(field)}"
        aria-label="${words.say('scoring.field', { rule: rule.id, field: label })}"
        ${errors.length > 0 && html`aria-invalid="true" aria-describedby="wrong-${name}"`}
      />
      ${errors.length > 0 && html`<span class="bad" lang="en" id="wrong-${name}">${errors.map(({ detail }) => detail).join(' ')}</span>`}`
  }
  const [points, halfLife] = [words.say('why.points'), words.say('scoring.halfLife.days')]
  const [limit, cap] = [words.say('scoring.limit'), words.say('scoring.cap')]
  return html`<tr role="row">
    <th scope="row" role="rowheader">${ruleName(words, rule)}</th>
    <td role="cell" data-label="${points}">${input('points', points) ?? pointsOf(words, rule)}</td>
    <td role="cell" data-label="${halfLife}">${input('half-life', halfLife)}</td>
    <td role="cell" data-label="${limit}">
      ${
        fields.includes('limit') &&
        html`<span class="pair"
          >${input('limit', limit)}
          <select
            name="per-${index}"
            aria-label="${words.say('scoring.field', { rule: rule.id, field: words.say('scoring.per') })}"
          >
            ${PER.map(
              per =>
                html`<option value="${per}" ${flag('selected', value('per') === per)}>
                  ${words.say(`scoring.per.${per}`)}
                </option>`,
            )}
          </select></span
        >`
      }
    </td>
    <td role="cell" data-label="${cap}">${input('cap', cap)}</td>
  </tr>`
}

/** What the form shows of a rule. */
export function valuesOf({ rules }: Model, index: number): Record<RuleField, string> {
  const rule = rules[index]!
  const { halfLifeDays, limit, cap } = 'on' in rule ? rule : {}
  const text = (value: number | null | undefined): string => (typeof value === 'number' ? String(value) : '')
  return {
    points: typeof rule.points === 'number' ? text(rule.points) : '',
    'half-life': text(halfLifeDays),
    limit: text(limit?.n),
    per: limit?.per ?? 'day',
    cap: text(cap),
  }
}
