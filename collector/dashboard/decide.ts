import type { Lead } from '../../shared/lead.ts'
import { MOVES, REASONS } from '../../shared/stage.ts'
import { link, type Frame } from './frame.ts'
import { html, type Html } from './html.ts'
import { ICONS } from './icon.ts'
import { whoIs } from './who.ts'

/** Accept, or reject with a reason: what sales does with an MQL. `null` for a lead that cannot be either. */
export function decide(frame: Frame, lead: Lead, back: string): Html | null {
  const { words, csrf } = frame
  if (lead.stage !== 'mql' && lead.candidateSince === null) return null
  if (!MOVES[lead.stage].includes('sql')) return null
  const { name } = whoIs(words, lead)
  const action = link(frame, `/leads/${encodeURIComponent(lead.id)}/stage`)
  const hidden = html`<input type="hidden" name="csrf" value="${csrf}" /><input
      type="hidden"
      name="back"
      value="${back}"
    />`
  const outs = (['recycled', 'disqualified'] as const).filter(to => MOVES[lead.stage].includes(to))
  return html`<div class="decide">
    <form method="post" action="${action}">
      ${hidden}
      <button class="accept" name="to" value="sql" aria-label="${words.say('accept.who', { name })}">
        ${ICONS.check} ${words.say('accept')}
      </button>
    </form>
    <details class="reject">
      <summary aria-label="${words.say('reject.who', { name })}">${ICONS.cross} ${words.say('reject')}</summary>
      <form class="stack sheet-in" method="post" action="${action}">
        ${hidden}
        <label
          >${words.say('reason')}
          <select name="reason" required>
            <option value="">${words.say('reason.choose')}</option>
            ${REASONS.map(reason => html`<option value="${reason}">${words.say(`reason.${reason}`)}</option>`)}
          </select></label
        >
        <label>${words.say('note')} <input name="note" maxlength="2000" /></label>
        <div class="row">
          ${outs.map(to => html`<button name="to" value="${to}">${words.say(`move.${to}`)}</button>`)}
        </div>
      </form>
    </details>
  </div>`
}
