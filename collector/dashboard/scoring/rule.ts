import type { Model, Rule, Where } from '../../../shared/model.ts'
import type { Operator } from '../../../shared/need.ts'
import { html, type Html } from '../html.ts'
import { needWords } from '../need-words.ts'
import { cut, spoken } from '../who.ts'
import type { Words } from '../words.ts'

/** What a rule is called, and what it is about. */
export function ruleName(words: Words, rule: Rule): Html {
  const event = 'on' in rule ? [words.sayIf(`event.${rule.on}`, cut(spoken(rule.on), 60))] : []
  const about = [...event, ...whereOf(words, 'on' in rule ? rule.where : rule.trait), spoken(rule.group)]
  return html`${spoken(rule.id)} <span class="soft about">${about.join(' · ')}</span>`
}

function whereOf(words: Words, where: Where | undefined): string[] {
  if (!where) return []
  const { field, test } = needWords(words)
  const fields = Object.entries(where).map(([name, matcher]) => {
    const tests = matcher !== null && typeof matcher === 'object' ? Object.entries(matcher) : [['eq', matcher] as const]
    const told = tests.map(([operator, operand]) => test(operator as Operator, String(operand).replaceAll(',', ', ')))
    return field(name, told)
  })
  return [cut(words.list(fields, 'conjunction'), 120)]
}

/** What it gives: a number, or so many for each so much of a property. */
export function pointsOf(words: Words, { points }: Rule): string {
  if (typeof points === 'number') return words.signed(points, decimals(points))
  return words.say('scoring.measured', { points: points.points, per: points.per, of: cut(points.of, 40) })
}

export const decimals = (value: number): number => (Number.isInteger(value) ? 0 : 1)

/** What is different in one document from another, rule by rule; a part beside the rules is named alone. */
export function changesOf(before: Model, after: Model): { what: string; from: string; to: string }[] {
  const said = (value: unknown): string => (value === undefined ? '–' : cut(JSON.stringify(value), 80))
  const parts = (model: Model): Map<string, unknown> =>
    new Map<string, unknown>([
      ...model.rules.flatMap(rule =>
        Object.entries(rule).map(([name, value]): [string, unknown] => [`${rule.id}: ${name}`, value]),
      ),
      ...Object.entries(model).filter(([name]) => name !== 'rules'),
    ])
  const [old, fresh] = [parts(before), parts(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter(what => JSON.stringify(old.get(what)) !== JSON.stringify(fresh.get(what)))
    .map(what => ({ what, from: said(old.get(what)), to: said(fresh.get(what)) }))
}
