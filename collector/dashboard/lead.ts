import type { Account } from '../../shared/account.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Json } from '../../shared/json.ts'
import type { Lead } from '../../shared/lead.ts'
import type { Explanation } from '../../shared/score.ts'
import type { Transition } from '../../shared/stage.ts'
import type { Touch } from '../../shared/touch.ts'
import { figure } from './chart/figure.ts'
import { lineChart } from './chart/line.ts'
import { meter } from './chart/meter.ts'
import { decide } from './decide.ts'
import { link, type Frame } from './frame.ts'
import { html, type Html, type Piece } from './html.ts'
import { ICONS } from './icon.ts'
import { page } from './page.ts'
import { byHand } from './by-hand.ts'
import { timeline, type Visit } from './timeline.ts'
import { cut, spoken, stageChip, whoIs } from './who.ts'
import { why } from './why.ts'

export interface LeadDetails {
  lead: Lead
  explanation: Explanation
  /** The total that the MQL condition asks for, and the most that there can be. */
  threshold: number | null
  top: number
  course: readonly { at: Instant; value: number | null }[]
  /** Oldest first. */
  transitions: readonly Transition[]
  /** Who decided, by id. */
  accounts: readonly Account[]
  visits: readonly Visit[]
  /** Where the timeline goes on; `null` at its end. */
  after: string | null
  isFirstPage: boolean
  /** The page of the timeline on which an event stands. */
  eventPage: (id: string, at: Instant) => string | null
  /** Ids that others had who are this person now. */
  formerIds: readonly string[]
}

/** `/leads/:id`: who it is, what the score is made of, what is missing, and everything that happened. */
export function leadPage(frame: Frame, details: LeadDetails): Html {
  const { words } = frame
  const { lead, explanation } = details
  const { name, others } = whoIs(words, lead)
  const own = pathOf(lead)
  const eventLink = (id: string, at: Instant): string =>
    `${link(frame, own, { after: details.eventPage(id, at) })}#e-${id}`
  const points = new Map<string, number>()
  for (const rule of explanation.rules)
    for (const event of rule.events) points.set(event.id, (points.get(event.id) ?? 0) + event.points)
  return page(frame, {
    title: name,
    nav: '/leads',
    head: html`<div class="head lead-head">
      <div>
        <p><a class="up" href="${link(frame, '/leads')}">${ICONS.back}${words.say('nav.leads')}</a></p>
        <h1>${name}</h1>
        <p class="soft">${others.join(' · ')}</p>
        <p class="row">
          ${stageChip(words, lead.stage)}
          ${lead.labels.map(label => html`<span class="chip hot">${cut(spoken(label), 30)}</span>`)}
          ${lead.candidateSince !== null && html`<span class="chip hot">${ICONS.bolt}${words.say('fastTrack')}</span>`}
        </p>
      </div>
      ${decide(frame, lead, link(frame, own))}
    </div>`,
    main: html`<div class="columns">
      <div class="column">
        ${lead.profilingStopped ? stopped(frame, lead) : score(frame, details)}
        <section class="card" aria-labelledby="why-title">
          <h2 id="why-title">${words.say('why')}</h2>
          ${why(frame, explanation, eventLink)}
        </section>
        <section class="card" aria-labelledby="timeline-title">
          <h2 id="timeline-title">${words.say('timeline')}</h2>
          ${timeline(frame, details.visits, points)}
          <nav class="pages" aria-label="${words.say('timeline')}">
            ${!details.isFirstPage && html`<a class="button" href="${link(frame, own)}">${words.say('timeline.newest')}</a>`}
            ${
              details.after !== null &&
              html`<a class="button" rel="next" href="${link(frame, own, { after: details.after })}#timeline-title"
                >${words.say('timeline.older')}</a
              >`
            }
          </nav>
        </section>
      </div>
      <div class="column">
        ${missing(frame, explanation)} ${facts(frame, lead)} ${steps(frame, details)} ${byHand(frame, details)}
      </div>
    </div>`,
  })
}

export const pathOf = ({ id }: Pick<Lead, 'id'>): string => `/leads/${encodeURIComponent(id)}`

function stopped({ words }: Frame, { profilingStopped }: Lead): Html {
  return html`<section class="card">
    <h2>${words.say('stopped')}</h2>
    <p>
      ${words.say(`stopped.${profilingStopped!.reason}`)}
      <span class="soft">${words.dateTime(profilingStopped!.at)}</span>
    </p>
  </section>`
}

function score(frame: Frame, details: LeadDetails): Html {
  const { words, now } = frame
  const { lead, explanation, threshold, top } = details
  const { score: total, engagement, fit, grade, coolsAt, coverage } = explanation
  const manual = lead.manualScore
  const isManual = manual !== null && (manual.until === null || manual.until > now)
  return html`<section class="card score-card" aria-labelledby="score-title">
    <h2 id="score-title">${words.say('score')}</h2>
    <div class="big">
      <p><strong>${words.number(total, 1)}</strong> <span class="grade">${grade}</span></p>
      <p class="soft">
        ${
          threshold !== null &&
          words.say(total >= threshold ? 'score.over' : 'score.under', {
            threshold: words.number(threshold),
            points: words.number(Math.abs(total - threshold), 1),
          })
        }
      </p>
    </div>
    ${meter(total, top, threshold)}
    <dl class="facts across">
      ${fact(words.say('engagement'), words.number(engagement, 1))} ${fact(words.say('fit'), words.number(fit, 1))}
      ${coverage !== undefined && fact(words.say('coverage'), words.percent(coverage))}
      ${
        coolsAt !== null &&
        fact(
          words.say('cools'),
          html`<time datetime="${new Date(coolsAt).toISOString()}">${words.dateTime(coolsAt)}</time>
            <span class="soft">${words.relative(coolsAt, now)}</span>`,
        )
      }
      ${
        isManual &&
        fact(
          words.say('manual'),
          html`<b>${words.number(manual.score, 1)}</b> <span class="soft">${cut(manual.reason, 200)}</span>`,
        )
      }
    </dl>
    ${course(frame, details)}
  </section>`
}

function course({ words }: Frame, { course: points, top, threshold, transitions }: LeadDetails): Piece {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || first === last) return null
  const marks = transitions
    .filter(({ effectiveAt }) => effectiveAt >= first.at)
    .map(({ to, effectiveAt }) => ({ at: effectiveAt, label: words.say(`stage.${to}`) }))
  const caption = words.say('course.caption', { from: words.date(first.at), until: words.date(last.at) })
  const step = Math.ceil(points.length / 30)
  return figure(words, {
    caption,
    chart: lineChart({
      label: caption,
      points,
      top,
      threshold: threshold === null ? null : { value: threshold, label: words.say('threshold') },
      marks,
      ends: [words.date(first.at), words.date(last.at)],
    }),
    head: [words.say('date'), words.say('score')],
    rows: points
      .filter((_, index) => (points.length - 1 - index) % step === 0)
      .map(({ at, value }) => [words.dateTime(at), value === null ? '–' : words.number(value, 1)]),
  })
}

function missing({ words }: Frame, { missing: lacking }: Explanation): Piece {
  if (!lacking || lacking.needs.length === 0) return null
  return html`<section class="card" aria-labelledby="missing-title">
    <h2 id="missing-title">${words.say('missing', { stage: words.sayIf(`stage.${lacking.stage}`, lacking.stage) })}</h2>
    <ul class="ticks">
      ${lacking.needs.map(need => html`<li>${cut(need, 300)}</li>`)}
    </ul>
  </section>`
}

const fact = (name: string, value: Piece): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`

function facts({ words, now }: Frame, lead: Lead): Html {
  const { traits, firstTouch, lastTouch, firstSeen, lastSeen, visits, engagedMs } = lead
  const seen = (at: Instant | null): Piece =>
    at !== null && html`${words.dateTime(at)} <span class="soft">${words.relative(at, now)}</span>`
  const known = Object.entries(traits).filter(([, { value }]) => value !== null)
  return html`<section class="card" aria-labelledby="facts-title">
    <h2 id="facts-title">${words.say('facts')}</h2>
    <dl class="facts">
      ${known
        .slice(0, 40)
        .map(([name, { value, provenance }]) =>
          fact(
            words.sayIf(`trait.${name}`, cut(spoken(name), 40)),
            html`${cut(plain(value), 300)}
            ${provenance === 'server' && html`<span class="soft">${words.say('facts.server')}</span>`}`,
          ),
        )}
      ${fact(words.say('visits'), words.number(visits))} ${fact(words.say('engaged'), words.duration(engagedMs))}
      ${fact(words.say('firstSeen'), seen(firstSeen))} ${fact(words.say('lastSeen'), seen(lastSeen))}
      ${firstTouch && fact(words.say('firstTouch'), touch(firstTouch))}
      ${lastTouch && fact(words.say('lastTouch'), touch(lastTouch))}
    </dl>
  </section>`
}

const plain = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

const touch = ({ source, medium, campaign, landing_page }: Touch): Html =>
  html`${cut([source, medium, campaign].filter(Boolean).join(' / '), 120)}
  ${landing_page !== undefined && html`<span class="soft">${cut(landing_page, 120)}</span>`}`

function steps({ words }: Frame, { transitions, accounts }: LeadDetails): Piece {
  if (transitions.length === 0) return null
  return html`<section class="card" aria-labelledby="steps-title">
    <h2 id="steps-title">${words.say('steps')}</h2>
    <ol class="steps">
      ${transitions.toReversed().map(
        ({ to, at, effectiveAt, actor, cause, reason, note, score: points }) =>
          html`<li>
            <p>${stageChip(words, to)} <span class="soft">${words.dateTime(effectiveAt)}</span></p>
            <p class="soft">
              ${words.say(`cause.${cause}`)}
              ${actor !== 'engine' && html`· ${cut(accounts.find(({ id }) => id === actor)?.name ?? actor, 60)}`} ·
              ${words.say('steps.score', { score: words.number(points, 0) })}
              ${at - effectiveAt > 60_000 && html`· ${words.say('steps.late', { at: words.dateTime(at) })}`}
            </p>
            ${reason && html`<p>${words.say('reason')}: <b>${words.say(`reason.${reason}`)}</b></p>`}
            ${note && html`<p class="note">${cut(note, 500)}</p>`}
          </li>`,
      )}
    </ol>
  </section>`
}
