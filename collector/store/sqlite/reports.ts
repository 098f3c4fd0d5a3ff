import type { Facet, TouchKind } from '../../../shared/facet.ts'
import type { Duration, Span } from '../../../shared/instant.ts'
import { STEPS } from '../../../shared/milestone.ts'
import type { Contact, Reports, Tally } from '../reports.ts'
import { SITE, tallySpan } from './fold.ts'
import type { Connection } from './open.ts'

const MAX = Number.MAX_SAFE_INTEGER

/** Sums whole tallies, and counts one by one what lies in the parts of tallies at both ends of a span. */
export function reportMethods(connection: Connection): Omit<Reports, 'gaps'> {
  const which = (one: boolean) => `f.site_id = @site AND f.kind = @kind ${one ? 'AND f.value = @value' : ''}`
  const sumsOf = (of: string) => ['people', ...STEPS].map(name => `sum(${of}${name}) AS ${name}`).join(', ')
  const counting = (one: boolean) =>
    connection.prepare(
      // Tallies are summed as they lie there, which needs no sorting.
      `SELECT value, ${sumsOf('')} FROM (
         SELECT f.value, ${sumsOf('t.')}
         FROM facets f CROSS JOIN tallies t ON t.facet_id = f.id
         WHERE ${which(one)} AND t.since >= @wholeFrom AND t.since < @wholeTo AND t.first >= @first
         GROUP BY f.value
         UNION ALL
         SELECT f.value, 1, ${STEPS.map(step => `j.${step} IS NOT NULL AND (j.${step} >= c.at OR f.kind = '')`).join(', ')}
         FROM (SELECT @from AS since, @wholeFrom AS until UNION ALL SELECT @wholeTo, @to) edge
         CROSS JOIN facets f CROSS JOIN contacts c ON c.facet_id = f.id CROSS JOIN journeys j ON j.id = c.journey_id
         WHERE ${which(one)} AND c.at >= edge.since AND c.at < edge.until AND c.first >= @first)
       GROUP BY value HAVING sum(people) > 0 ORDER BY people DESC, value`,
    )
  const [countOne, countAll] = [counting(true), counting(false)]
  const delays = connection
    .prepare(
      `SELECT c.mql_after FROM facets f CROSS JOIN contacts c ON c.facet_id = f.id
       WHERE ${which(true)} AND c.at >= @from AND c.at < @to AND c.first >= @first AND c.mql_after IS NOT NULL ORDER BY 1`,
    )
    .pluck()
  const perStep = <Statement>(prepare: (step: string) => Statement) =>
    new Map(STEPS.map(step => [step, prepare(step)] as const))
  const stepDelays = perStep(step =>
    connection
      .prepare(
        `SELECT max(0, ${step} - first_at) FROM journeys
         WHERE site_id = @site AND ${step} IS NOT NULL AND first_at >= @from AND first_at < @to ORDER BY 1`,
      )
      .pluck(),
  )
  const hour = tallySpan(SITE)
  const [up, down] = [`((e.since + ${hour - 1}) / ${hour} * ${hour})`, `(e.until / ${hour} * ${hour})`]
  const cameBetween = (from: string, to: string) =>
    `(SELECT count(*) FROM contacts c WHERE c.facet_id = f.id AND c.at >= ${from} AND c.at < ${to})`
  // One question for all parts of a series: a year has 365 days.
  const activity = connection.prepare(
    `WITH edges AS (SELECT key AS place, value AS since, lead(value) OVER (ORDER BY key) AS until FROM json_each(@edges)),
       f AS (SELECT ifnull((SELECT id FROM facets WHERE site_id = @site AND kind = '' AND value = ''), -1) AS id)
     SELECT (SELECT ifnull(sum(t.people), 0) FROM tallies t
             WHERE t.facet_id = f.id AND t.since >= ${up} AND t.since < ${down})
         + ${cameBetween('e.since', `min(${up}, e.until)`)} + ${cameBetween(`max(${down}, min(${up}, e.until))`, 'e.until')} AS people,
       ${STEPS.map(
         step =>
           `(SELECT count(*) FROM journeys j
             WHERE j.site_id = @site AND j.${step} >= e.since AND j.${step} < e.until AND j.${step} IS NOT NULL) AS ${step}`,
       ).join(', ')}
     FROM edges e, f WHERE e.until IS NOT NULL ORDER BY e.place`,
  )

  const bounds = ({ from, to }: Span) => ({ from: from ?? 0, to: to ?? MAX })

  /** The whole tallies inside a span. */
  function divided(span: Span, kind: Facet | typeof SITE) {
    const { from, to } = bounds(span)
    const size = tallySpan(kind)
    const wholeFrom = Math.min(Math.ceil(from / size) * size, to)
    const wholeTo = Math.max(to === MAX ? MAX : Math.floor(to / size) * size, wholeFrom)
    return { from, to, wholeFrom, wholeTo }
  }

  const named = (contact: Contact) => ({ kind: contact?.facet ?? SITE, value: contact?.value ?? '' }) as const
  const first = (touch: TouchKind) => (touch === 'first' ? 1 : 0)

  return {
    tally: async (site, contact, touch, span) => {
      const { kind, value } = named(contact)
      const found = countOne.get({ site, kind, value, first: first(touch), ...divided(span, kind) })
      if (!found) return NOBODY
      const { value: _, ...tally } = found as { value: string } & Tally
      return tally
    },

    tallies: async (site, facet, touch, span) =>
      countAll.all({ site, kind: facet, first: first(touch), ...divided(span, facet) }) as ({
        value: string
      } & Tally)[],

    delays: async (site, contact, touch, span) =>
      delays.all({ site, ...named(contact), first: first(touch), ...bounds(span) }) as Duration[],

    stepDelays: async (site, step, span) => stepDelays.get(step)!.all({ site, ...bounds(span) }) as Duration[],

    activity: async (site, edges) => activity.all({ site, edges: JSON.stringify(edges) }) as Tally[],
  }
}

const NOBODY = Object.fromEntries(['people', ...STEPS].map(name => [name, 0])) as Tally
