import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { ICONS } from '../icon.ts'
import { page } from '../page.ts'

/** The set-up of a site, a page each. */
export const STEPS = ['site', 'install', 'verify', 'model'] as const
export type SetUpStep = (typeof STEPS)[number]

export const stepPath = (step: SetUpStep): string => (step === 'site' ? '/setup' : `/setup/${step}`)

export interface StepPage {
  /** Whether an event has come that counts: the steps before are done then. */
  isVerified: boolean
  main: Piece
  scripts?: readonly string[]
}

/** A page of the set-up, with the way through all of them above. */
export function setUpPage(frame: Frame, step: SetUpStep, { isVerified, main, scripts = [] }: StepPage): Html {
  const { words } = frame
  const done = (other: SetUpStep): boolean => isVerified && other !== 'model'
  return page(frame, {
    title: `${words.say('setup')}: ${words.say(`setup.${step}`)}`,
    scripts,
    head: html`<h1>${words.say('setup')}</h1>`,
    main: html`
      <nav class="set-up-steps" aria-label="${words.say('setup.steps')}">
        <ol>
          ${STEPS.map(
            (other, index) =>
              html`<li>
                <a href="${link(frame, stepPath(other))}" ${other === step && html`aria-current="step"`}
                  ><span class="mark ${done(other) && 'done'}">${done(other) ? ICONS.check : index + 1}</span>
                  ${words.say(`setup.${other}`)}</a
                >
              </li>`,
          )}
        </ol>
      </nav>
      ${main}
    `,
  })
}

/** On to the next page. */
export const goOn = (frame: Frame, step: SetUpStep): Html =>
  html`<p>
    <a class="button primary" href="${link(frame, stepPath(step))}">${frame.words.say('setup.continue')}</a>
  </p>`
