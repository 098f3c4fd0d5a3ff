import type { StoredEvent } from '../../../shared/event.ts'
import { DAY, type Instant } from '../../../shared/instant.ts'
import type { Lead } from '../../../shared/lead.ts'
import { Refusal } from '../../../shared/refusal.ts'
import { REASONS, REJECTIONS, STAGES } from '../../../shared/stage.ts'
import { leadPage, pathOf } from '../../dashboard/lead.ts'
import { link } from '../../dashboard/frame.ts'
import { needWords } from '../../dashboard/need-words.ts'
import type { Visit } from '../../dashboard/timeline.ts'
import { explanationOf } from '../../reports/explanation.ts'
import { thresholdOf } from '../../scoring/threshold.ts'
import { trend } from '../../scoring/trend.ts'
import { VISIT_GAP } from '../../scoring/visit.ts'
import { readFields, type FieldsRead } from '../fields.ts'
import { findLead } from '../find-lead.ts'
import { cursor, instant, number, oneOf, text, writeCursor } from '../query.ts'
import { eraseLead } from '../rights.ts'
import type { Route } from '../route.ts'
import { filled, form, page } from './page.ts'
import type { PageParts } from './pages.ts'

/** Events on a page of the timeline. */
const EVENTS = 60

/** The score over time: at most so far back, in so many steps. */
const COURSE = { days: 90, steps: 120 }

/** No event has it, and every one's comes after it. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** `/leads/:id`: the page of `GET /v1/leads/:id` and of what is under it, and its forms. */
export function lead(parts: PageParts): Route[] {
  const { store, writer, clock } = parts
  const named = (c: { id: string }) => c.id

  return [
    page(parts, '/leads/:id', async ({ c, frame, params }) => {
      const { id: site } = frame.site
      const found = await findLead(parts, site, named(params))
      const model = await store.model(site)
      const explanation = await explanationOf(store, site, found, model, frame.now, needWords(frame.words))
      const from = placeOf(c.req.query())
      const place = from && { at: from.value, id: from.id }
      const { items, more } = await store.timeline(site, found.id, EVENTS, place)
      const newest = place ? (await store.timeline(site, found.id, EVENTS)).items : items
      const onFirst = new Set(newest.map(({ id }) => id))
      const last = items.at(-1)
      return leadPage(frame, {
        lead: found,
        explanation,
        threshold: thresholdOf(model.document, 'mql'),
        top: model.document.total.max ?? 100,
        course: await courseOf(site, found, frame.now),
        transitions: await store.transitions(site, found.id),
        accounts: await store.accounts(),
        visits: visitsOf(items),
        after: more && last ? writeCursor(last.at, last.id) : null,
        isFirstPage: !place,
        eventPage: (id, at) => (onFirst.has(id) ? null : writeCursor(at + 1, FIRST_ID)),
        formerIds: await store.formerIds(site, found.id),
      })
    }),

    form(
      parts,
      '/leads/:id/stage',
      { to: oneOf(STAGES), reason: oneOf(REASONS), note: text },
      async ({ frame, params, given: { to, reason, note } }) => {
        if (to === undefined || (REJECTIONS.includes(to) && !reason))
          throw new Refusal('unprocessable', 'A rejection needs a reason.', [
            { pointer: '/reason', detail: `must be one of ${REASONS.join(', ')}` },
          ])
        const move = { to, actor: frame.account.id, ...(reason && { reason }), ...(note && { note }) }
        await writer.move(frame.site.id, params.id, move, clock())
        return { notice: REJECTIONS.includes(to) ? 'rejected' : 'moved' }
      },
    ),

    form(
      parts,
      '/leads/:id/override',
      { score: number, reason: text, until: instant },
      async ({ frame, params, given: { score, reason, until = null } }) => {
        if (score === undefined || reason === undefined)
          throw new Refusal('unprocessable', 'A score by hand needs a number and a reason.')
        const manual = { score, reason, author: frame.account.id, at: clock(), until }
        await writer.override(frame.site.id, params.id, manual)
        return { notice: 'saved' }
      },
    ),
    form(parts, '/leads/:id/override/end', {}, async ({ frame, params }) => {
      await writer.override(frame.site.id, params.id, null)
      return { notice: 'saved' }
    }),

    form(parts, '/leads/:id/merge', { id: text }, async ({ frame, params, given: { id = '' } }) => {
      const stays = await writer.merge(frame.site.id, params.id, id.trim(), frame.account.id, clock())
      return { to: link(frame, pathOf({ id: stays })), notice: 'merged' }
    }),
    form(parts, '/leads/:id/unmerge', { id: text }, async ({ frame, params, given: { id = '' } }) => {
      await writer.unmerge(frame.site.id, params.id, id, frame.account.id, clock())
      return { notice: 'unmerged' }
    }),

    form(parts, '/leads/:id/erase', { sure: oneOf(['yes']) }, async ({ frame, params, given: { sure } }) => {
      if (sure === undefined) throw new Refusal('unprocessable', 'Say that you are sure.')
      await eraseLead(parts, frame.site.id, params.id)
      return { to: link(frame, '/leads'), notice: 'erased' }
    }),
    form(parts, '/leads/:id/stop_profiling', {}, async ({ frame, params }) => {
      await writer.stopProfiling(frame.site.id, params.id, { reason: 'objection', actor: frame.account.id }, clock())
      return { notice: 'saved' }
    }),
    form(parts, '/leads/:id/resume_profiling', {}, async ({ frame, params }) => {
      await writer.resumeProfiling(frame.site.id, params.id, clock())
      return { notice: 'saved' }
    }),
  ]

  async function courseOf(site: number, { id, firstSeen, profilingStopped }: Lead, now: Instant) {
    const from = Math.max(firstSeen ?? now, now - COURSE.days * DAY)
    const instants = Array.from({ length: COURSE.steps + 1 }, (_, step) => from + ((now - from) * step) / COURSE.steps)
    const { document, version } = await store.model(site)
    const history = await store.history(site, id)
    const scores = trend(document, version, history, instants, profilingStopped)
    return instants.map((at, index) => ({ at, value: scores[index] ?? null }))
  }
}

/** Where the page of the timeline begins that is asked for. */
function placeOf(given: Record<string, string>): { value: number; id: string } | undefined {
  const { site: _, ...asked } = filled(given)
  const read = readFields({ after: cursor }, asked, {
    refuse: ['invalid', 'The query is not well-formed.'],
    absent: 'is left out',
  }) as Partial<FieldsRead<{ after: typeof cursor }>>
  return read.after
}

/** Runs of one browser's events with no gap over half an hour, the newest first; what servers report stands by itself. */
function visitsOf(events: readonly StoredEvent[]): Visit[] {
  const visits: StoredEvent[][] = []
  const open = new Map<string, StoredEvent[]>()
  for (const event of events) {
    const key = event.provenance === 'server' ? 'server' : event.visitor
    const run = open.get(key)
    if (run && run.at(-1)!.at - event.at <= VISIT_GAP) {
      run.push(event)
      continue
    }
    const begun = [event]
    open.set(key, begun)
    visits.push(begun)
  }
  return visits.map(run => ({ events: run }))
}
