import type { TrackingHealth } from '../../shared/health.ts'
import type { Duration } from '../../shared/instant.ts'
import type { Step } from '../../shared/milestone.ts'
import { bar } from './chart/bar.ts'
import { columnChart } from './chart/columns.ts'
import { figure } from './chart/figure.ts'
import { link, type Frame } from './frame.ts'
import { html, type Html, type Piece } from './html.ts'
import { page } from './page.ts'
import { periodNav } from './period.ts'
import { cut, spoken } from './who.ts'

/** Stages of the funnel, the first one being everybody. */
export type FunnelStage = 'visitor' | Step

export interface HomeFigures {
  /** Days that the page is about. */
  days: number
  /** The span as the API is asked for it: days of the frame's time zone, half-open. */
  from: string
  to: string
  /** How many reached each stage in the span, and in the one before. */
  reached: Record<FunnelStage, number>
  previous: Record<FunnelStage, number>
  /** Of whom the chart shows the parts. */
  metric: FunnelStage
  /** How long a part of the chart is. */
  interval: 'day' | 'week' | 'month'
  series: readonly { from: number; to: number; count: number }[]
  /** How far those have come by now who came in the span. */
  funnel: readonly {
    stage: FunnelStage
    people: number
    rate: number | null
    few: boolean
    medianDays: number | null
  }[]
  needs: {
    waiting: number
    fastTrack: number
    overdue: number
    cooled: { count: number; threshold: number } | null
    /** Ids of rules that have never given anybody a point. */
    deadRules: readonly string[]
  }
  health: TrackingHealth
}

const SHOWN: readonly FunnelStage[] = ['visitor', 'lead', 'mql', 'sql', 'customer']

/** `/home`: how many came and how far, compared with the time before; what wants attention; whether tracking works. */
export function homePage(frame: Frame, figures: HomeFigures): Html {
  const { words } = frame
  const { days, metric } = figures
  return page(frame, {
    title: words.say('nav.home'),
    nav: '/home',
    head: html`<div class="head between">
      <h1>${words.say('nav.home')}</h1>
      ${periodNav(frame, '/home', days, { metric: metric === 'visitor' ? null : metric })}
    </div>`,
    main: html`
      ${counts(frame, figures)} ${course(frame, figures)}
      <div class="columns">
        <div class="column">${funnel(frame, figures)}</div>
        <div class="column">${needs(frame, figures)} ${health(frame, figures.health)}</div>
      </div>
    `,
  })
}

/** Exactly those who reached a stage in the span; of visitors, those who came in it. */
const reachedLink = (frame: Frame, { from, to }: HomeFigures, stage: FunnelStage): string => {
  const tz = frame.words.zone
  return stage === 'visitor'
    ? link(frame, '/leads', { from, to, tz })
    : link(frame, '/leads', { reached: stage, reached_from: from, reached_to: to, tz })
}

function counts(frame: Frame, figures: HomeFigures): Html {
  const { words } = frame
  const { reached, previous } = figures
  return html`<section aria-labelledby="counts-title">
    <h2 id="counts-title" class="visually-hidden">${words.say('counts')}</h2>
    <ul class="tiles">
      ${SHOWN.map(
        stage =>
          html`<li class="card">
            <p class="soft">${words.say(`reached.${stage}`)}</p>
            <p class="figure">
              <a
                href="${reachedLink(frame, figures, stage)}"
                aria-label="${words.say('counts.link', {
                  count: reached[stage],
                  what: words.say(`reached.${stage}`),
                })}"
                >${words.number(reached[stage])}</a
              >
            </p>
            ${change(frame, reached[stage], previous[stage])}
          </li>`,
      )}
    </ul>
  </section>`
}

function change({ words }: Frame, now: number, before: number): Html {
  const told = words.say('counts.before', { count: words.number(before) })
  if (before === 0) return html`<p class="soft">${told}</p>`
  const share = (now - before) / before
  const kind = share > 0.005 ? 'rise' : share < -0.005 ? 'fall' : 'level'
  return html`<p class="change ${kind}">
    <span>${share > 0 ? '+' : ''}${words.percent(share)}</span> <span class="soft">${told}</span>
  </p>`
}

function course(frame: Frame, figures: HomeFigures): Html {
  const { words } = frame
  const { days, metric, series, interval } = figures
  const name = (part: { from: number }): string => words.date(part.from)
  const caption = words.say('course.reached', { interval })
  const [first, last] = [series[0], series.at(-1)]
  return html`<section class="card" aria-labelledby="course-title">
    <div class="head between">
      <h2 id="course-title">${words.say(`reached.${metric}`)}</h2>
      <nav class="segments-nav" aria-label="${words.say('metric')}">
        <ul>
          ${SHOWN.map(
            stage =>
              html`<li>
                <a
                  href="${link(frame, '/home', { days: days === 30 ? null : days, metric: stage === 'visitor' ? null : stage })}"
                  ${stage === metric && html`aria-current="true"`}
                  >${words.say(`stages.${stage}`)}</a
                >
              </li>`,
          )}
        </ul>
      </nav>
    </div>
    ${
      first &&
      last &&
      figure(words, {
        caption,
        chart: columnChart({
          label: caption,
          values: series.map(({ count }) => count),
          titles: series.map(part => `${name(part)}: ${words.number(part.count)}`),
          ends: [name(first), name(last)],
        }),
        head: [words.say('date'), words.say(`reached.${metric}`)],
        rows: series.map(part => [name(part), words.number(part.count)]),
      })
    }
  </section>`
}

function funnel(frame: Frame, { funnel: steps, from, to }: HomeFigures): Html {
  const { words } = frame
  const all = steps[0]?.people ?? 0
  const stageLink = (stage: FunnelStage): string =>
    link(frame, '/leads', { from, to, tz: words.zone, reached: stage === 'visitor' ? null : stage })
  return html`<section class="card" aria-labelledby="funnel-title">
    <h2 id="funnel-title">${words.say('funnel')}</h2>
    <p class="hint">${words.say('funnel.hint')}</p>
    <table class="funnel">
      <caption class="visually-hidden">
        ${words.say('funnel')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${words.say('stage')}</th>
          <th scope="col" class="number">${words.say('people')}</th>
          <th scope="col" class="shape"><span class="visually-hidden">${words.say('funnel.share')}</span></th>
          <th scope="col" class="number">${words.say('funnel.rate')}</th>
          <th scope="col" class="number days">${words.say('funnel.days')}</th>
        </tr>
      </thead>
      <tbody>
        ${steps.map(
          ({ stage, people, rate, few, medianDays }) =>
            html`<tr>
              <th scope="row">${words.say(`stages.${stage}`)}</th>
              <td class="number"><a href="${stageLink(stage)}">${words.number(people)}</a></td>
              <td class="shape">${bar(all === 0 ? 0 : people / all)}</td>
              <td class="number">
                ${stage !== 'visitor' && rate !== null && words.percent(rate, 1)}
                ${stage !== 'visitor' && few && html`<span class="soft">${words.say('few')}</span>`}
              </td>
              <td class="number days">${medianDays !== null && words.number(medianDays, 1)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

function needs(frame: Frame, { needs: { waiting, fastTrack, overdue, cooled, deadRules } }: HomeFigures): Html {
  const { words } = frame
  const lines: [count: number, text: string, href: string][] = [
    [waiting, words.say('needs.waiting', { count: waiting }), link(frame, '/leads', { stage: 'mql' })],
    [fastTrack, words.say('needs.fastTrack', { count: fastTrack }), link(frame, '/leads', { candidate: 'true' })],
    [overdue, words.say('needs.overdue', { count: overdue }), link(frame, '/leads', { overdue: 'true' })],
  ]
  if (cooled)
    lines.push([
      cooled.count,
      words.say('needs.cooled', { count: cooled.count }),
      link(frame, '/leads', { stage: 'mql', score_lt: cooled.threshold }),
    ])
  const shown = lines.filter(([count]) => count > 0)
  return html`<section class="card" aria-labelledby="needs-title">
    <h2 id="needs-title">${words.say('needs')}</h2>
    ${
      shown.length === 0 && deadRules.length === 0
        ? html`<p class="soft">${words.say('needs.nothing')}</p>`
        : html`<ul class="needs">
            ${shown.map(
              ([count, text, href]) =>
                html`<li>
                  <a href="${href}"><b>${words.number(count)}</b> <span>${text}</span></a>
                </li>`,
            )}
            ${
              deadRules.length > 0 &&
              html`<li>
                <a href="${link(frame, '/scoring')}"
                  ><b>${words.number(deadRules.length)}</b>
                  <span
                    >${words.say('needs.deadRules', { count: deadRules.length })}
                    <span class="soft">${cut(deadRules.map(spoken).join(', '), 120)}</span></span
                  ></a
                >
              </li>`
            }
          </ul>`
    }
  </section>`
}

/** From this share on, loss wants attention. */
const LOSS = 0.02

function health(frame: Frame, { lastAt, events, since, weak, lost, numbered, quarantined }: TrackingHealth): Html {
  const { words, now } = frame
  const loss = numbered === 0 ? null : lost / numbered
  const silent: Duration | null = lastAt === null ? null : now - lastAt
  const line = (name: string, value: Piece, isBad = false): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd class="${isBad && 'bad'}">${value}</dd>
    </div>`
  return html`<section class="card" aria-labelledby="health-title">
    <h2 id="health-title">${words.say('health')}</h2>
    ${
      silent === null || since === null
        ? html`<p class="soft">${words.say('health.none')}</p>`
        : html`<dl class="facts">
              ${line(words.say('health.last'), words.relative(lastAt!, now), silent > 86_400_000)}
              ${loss !== null && line(words.say('health.loss'), words.percent(loss, 1), loss > LOSS)}
              ${Object.entries(weak).map(([mark, count]) =>
                line(words.sayIf(`mark.${mark}`, mark), words.percent(count / events, 1), mark !== 'bot'),
              )}
              ${quarantined.map(({ reason, count }) =>
                line(
                  words.say('health.refused'),
                  html`${words.number(count)} <span class="soft" lang="en">${cut(reason, 120)}</span>`,
                  true,
                ),
              )}
            </dl>
            <p class="hint">${words.say('health.of', { count: events, since: words.relative(since, now) })}</p>`
    }
  </section>`
}
