import type { Instant } from '../../../shared/instant.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { page } from '../page.ts'
import { versionName } from './overview.ts'
import { scoringTabs, type Subject, type Tab } from './tabs.ts'

export function learningPage(
  frame: Frame,
  subject: Subject,
  tab: Tab,
  main: Piece,
  scripts: readonly string[] = [],
): Html {
  const { words } = frame
  return page(frame, {
    title: `${words.say(tab)} · ${words.say('nav.scoring')}`,
    nav: '/scoring',
    scripts,
    head: subject.live
      ? html`<h1>${words.say('nav.scoring')}</h1>`
      : html`<div>
          <a class="up" href="${link(frame, '/scoring')}">${words.say('nav.scoring')}</a>
          <h1>${versionName(frame, subject)}</h1>
        </div>`,
    main: html`${scoringTabs(frame, subject, tab)} ${main}`,
  })
}

/** While everybody is being replayed; `from` answers with the share of the way, from 0 to 1. */
export function runningPage(frame: Frame, subject: Subject, tab: Tab, done: number, from: string): Html {
  const { words, here } = frame
  const share = words.percent(done)
  const main = html`<section class="card" aria-labelledby="running-title">
    <h2 id="running-title">${words.say('study.running')}</h2>
    <p data-share>${share}</p>
    <progress max="1" value="${done}" aria-labelledby="running-title" data-from="${from}">${share}</progress>
    <p class="hint">${words.say('study.running.text')} <a href="${here}">${words.say('setup.refresh')}</a></p>
  </section>`
  return learningPage(frame, subject, tab, main, ['study.js'])
}

export const asOf = ({ words }: Frame, at: Instant): string => words.say('study.asOf', { at: words.dateTime(at) })
