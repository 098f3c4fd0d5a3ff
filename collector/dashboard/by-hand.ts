import { MOVES } from '../../shared/stage.ts'
import { REASONS } from '../../shared/stage.ts'
import { link, type Frame } from './frame.ts'
import { html, type Html, type Piece } from './html.ts'
import { pathOf, type LeadDetails } from './lead.ts'

/** What somebody may do with a lead: move it, score it by hand, join or part persons, and what the person may ask for. */
export function byHand(frame: Frame, { lead, formerIds }: LeadDetails): Html {
  const { words, csrf, now } = frame
  const own = pathOf(lead)
  const form = (verb: string, body: Piece): Html =>
    html`<form class="stack" method="post" action="${link(frame, `${own}/${verb}`)}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <input type="hidden" name="back" value="${link(frame, own)}" />
      ${body}
    </form>`
  const fold = (title: string, body: Piece): Html =>
    html`<details>
      <summary>${title}</summary>
      ${body}
    </details>`
  const manual = lead.manualScore
  const isManual = manual !== null && (manual.until === null || manual.until > now)
  return html`<section class="card folds" aria-labelledby="by-hand-title">
    <h2 id="by-hand-title">${words.say('byHand')}</h2>
    ${fold(
      words.say('move'),
      form(
        'stage',
        html`<label
            >${words.say('move.to')}
            <select name="to" required>
              ${MOVES[lead.stage].map(to => html`<option value="${to}">${words.say(`stage.${to}`)}</option>`)}
            </select></label
          >
          <label
            >${words.say('reason')} <span class="soft">${words.say('move.reasonHint')}</span>
            <select name="reason">
              <option value="">–</option>
              ${REASONS.map(reason => html`<option value="${reason}">${words.say(`reason.${reason}`)}</option>`)}
            </select></label
          >
          <label>${words.say('note')} <input name="note" maxlength="2000" /></label>
          <p><button>${words.say('move')}</button></p>`,
      ),
    )}
    ${fold(
      words.say('manual'),
      html`${form(
        'override',
        html`<label
            >${words.say('score')}
            <input name="score" inputmode="decimal" required value="${isManual ? manual.score : ''}"
          /></label>
          <label
            >${words.say('reason')}
            <input name="reason" required maxlength="2000" value="${isManual ? manual.reason : ''}"
          /></label>
          <label>${words.say('manual.until')} <input name="until" type="date" /></label>
          <p class="hint">${words.say('manual.hint')}</p>
          <p><button>${words.say('save')}</button></p>`,
      )}
      ${isManual && form('override/end', html`<p><button>${words.say('manual.end')}</button></p>`)}`,
    )}
    ${fold(
      words.say('merge'),
      html`${form(
        'merge',
        html`<label>${words.say('merge.other')} <input name="id" required maxlength="200" /></label>
          <p class="hint">${words.say('merge.hint')}</p>
          <p><button>${words.say('merge.submit')}</button></p>`,
      )}
      ${
        formerIds.length > 0 &&
        form(
          'unmerge',
          html`<label
              >${words.say('unmerge.former')}
              <select name="id">
                ${formerIds.map(id => html`<option>${id}</option>`)}
              </select></label
            >
            <p><button>${words.say('unmerge.submit')}</button></p>`,
        )
      }`,
    )}
    ${fold(
      words.say('privacy'),
      html`<p>
          <a class="button" href="${link(frame, `/v1${own}/export`)}" download>${words.say('privacy.export')}</a>
        </p>
        ${
          lead.profilingStopped
            ? form(
                'resume_profiling',
                html`<p class="hint">${words.say('profiling.resumeHint')}</p>
                  <p><button>${words.say('profiling.resume')}</button></p>`,
              )
            : form(
                'stop_profiling',
                html`<p class="hint">${words.say('profiling.stopHint')}</p>
                  <p><button>${words.say('profiling.stop')}</button></p>`,
              )
        }
        ${form(
          'erase',
          html`<p class="hint">${words.say('erase.hint')}</p>
            <label class="check"
              ><input type="checkbox" name="sure" value="yes" required /> ${words.say('erase.sure')}</label
            >
            <p><button class="danger">${words.say('erase')}</button></p>`,
        )}`,
    )}
  </section>`
}
