import { link, type Frame } from '../frame.ts'
import { flag, html, type Html } from '../html.ts'
import { setUpPage } from './steps.ts'

/** `/setup/model`: the rules to begin with. `chosen` is `null` when the live model is none of them, or no longer. */
export function starterStep(
  frame: Frame,
  { isVerified, starters, chosen }: { isVerified: boolean; starters: readonly string[]; chosen: string | null },
): Html {
  const { words, csrf } = frame
  return setUpPage(frame, 'model', {
    isVerified,
    main: html`<form class="card" method="post" action="${link(frame, '/setup/model')}">
      <h2 id="model-title">${words.say('setup.model')}</h2>
      <p class="hint">${words.say('setup.model.text')}</p>
      <input type="hidden" name="csrf" value="${csrf}" />
      <fieldset class="starters" aria-labelledby="model-title">
        ${starters.map(
          name =>
            html`<label>
              <input type="radio" name="starter" value="${name}" required ${flag('checked', name === chosen)} />
              <span
                ><b>${words.sayIf(`starter.${name}`, name)}</b>
                ${name === chosen && html`<span class="chip">${words.say('setup.model.live')}</span>`}
                <span class="soft">${words.sayIf(`starter.${name}.text`, '')}</span></span
              >
            </label>`,
        )}
      </fieldset>
      ${chosen === null && html`<p class="hint">${words.say('setup.model.own')}</p>`}
      <p class="row">
        <button class="primary">${words.say('setup.model.choose')}</button>
        <a class="button" href="${link(frame, '/home')}">${words.say('setup.model.keep')}</a>
      </p>
    </form>`,
  })
}
