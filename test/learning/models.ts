import { MINUTE } from '../../shared/instant.ts'
import type { EventRule, Model, Rule } from '../../shared/model.ts'
import { perPage, type Session } from './sessions.ts'

const shell = (name: string, rules: Rule[], mql: number): Model => ({
  name,
  timezone: 'UTC',
  groups: [
    { id: 'visit', kind: 'engagement' },
    { id: 'person', kind: 'fit' },
  ],
  rules,
  total: {},
  labels: [],
  stages: { mql: { score: 'total', gte: mql } },
})

const on = (id: string, type: string, path: string, points: EventRule['points'], cap: number): Rule => ({
  id,
  group: 'visit',
  on: type,
  where: { path: { prefix: path } },
  points,
  cap,
})
const is = (id: string, name: string, value: string, points: number): Rule => ({
  id,
  group: 'person',
  trait: { [name]: value },
  points,
})
const perMinute = { per: MINUTE, of: 'engaged_ms', points: 1 }

/** Points as somebody might give them who has never looked at the outcomes. */
export const INTUITION = shell(
  'By intuition',
  [
    on('account', 'page_view', '/account', 5, 20),
    on('help', 'page_view', '/help', 3, 9),
    on('products', 'page_view', '/products', 2, 40),
    on('reading', 'user_engagement', '/products', perMinute, 20),
    is('returning', 'visitor', 'Returning_Visitor', 10),
    is('november', 'month', 'Nov', 5),
  ],
  50,
)

/** The same worked out from the file's row alone: no event, no fold, no collector. */
export function byIntuition({ account, help, products, visitor, month }: Session): number {
  const minutes = products.count * Math.floor(perPage(products) / MINUTE)
  return (
    Math.min(5 * account.count, 20) +
    Math.min(3 * help.count, 9) +
    Math.min(2 * products.count, 40) +
    Math.min(minutes, 20) +
    (visitor === 'Returning_Visitor' ? 10 : 0) +
    (month === 'Nov' ? 5 : 0)
  )
}

/** What is counted, with points of 1 that nobody believes in: to be learned. Several caps let the first pages say more than the fiftieth. */
const WHAT_HAPPENED: Rule[] = [
  ...[1, 3, 8].map(cap => on(`account-${cap}`, 'page_view', '/account', 1, cap)),
  on('help-1', 'page_view', '/help', 1, 1),
  ...[3, 10, 30].map(cap => on(`products-${cap}`, 'page_view', '/products', 1, cap)),
  ...[10, 40].map(cap => on(`reading-${cap}`, 'user_engagement', '/products', { ...perMinute, per: MINUTE / 2 }, cap)),
]

export const FROM_EVENTS = shell('From events', WHAT_HAPPENED, 20)

/** And who comes when from where: one rule for each value that a trait has. */
export function withTraits(sessions: readonly Session[]): Model {
  const levels = (['source', 'visitor', 'month'] as const).flatMap(name =>
    [...new Set(sessions.map(session => session[name]))]
      .toSorted()
      .map(value => is(`${name}-${value}`.replaceAll(/\W/g, '-'), name, value, 1)),
  )
  return shell('From events and traits', [...WHAT_HAPPENED, ...levels], 20)
}
