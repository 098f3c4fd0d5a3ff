import { link, type Frame } from '../frame.ts'
import { html, type Html } from '../html.ts'
import type { Word } from '../words.ts'

/** The version of the model that a page is about. */
export interface Subject {
  version: number
  name: string
  live: boolean
}

/** What wins and losses say about a version: pages beside its rules. */
const TABS = [
  { path: (version: number) => `/scoring/${version}/backtest`, word: 'backtest' },
  { path: (version: number) => `/scoring/${version}/suggestions`, word: 'suggest' },
] as const satisfies { path: (version: number) => string; word: Word }[]

export type Tab = (typeof TABS)[number]['word']

/** The way to all pages about a version. */
export function scoringTabs(frame: Frame, { version, live }: Subject, current: Tab | 'scoring.rules'): Html {
  const { words } = frame
  const rules = { path: live ? '/scoring' : `/scoring/${version}`, word: 'scoring.rules' } as const
  const tabs = [rules, ...TABS.map(({ path, word }) => ({ path: path(version), word }))]
  return html`<nav class="tabs" aria-label="${words.say('nav.scoring')}">
    <ul>
      ${tabs.map(
        ({ path, word }) =>
          html`<li>
            <a href="${link(frame, path)}" ${word === current && html`aria-current="page"`}>${words.say(word)}</a>
          </li>`,
      )}
    </ul>
  </nav>`
}
