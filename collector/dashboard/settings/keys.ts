import { SCOPES, type KeyRecord } from '../../../shared/site.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html } from '../html.ts'
import { cut } from '../who.ts'
import { act, secretCard, settingsPage } from './section.ts'

/** `/settings/keys`: secret keys. `secret` is of one that has just been made. */
export function keySettings(frame: Frame, keys: readonly KeyRecord[], secret: string | null = null): Html {
  const { words, csrf } = frame
  return settingsPage(
    frame,
    '/settings/keys',
    html`${secret !== null && secretCard(frame, secret)}
      <section class="card" aria-labelledby="keys-title">
        <h2 id="keys-title">${words.say('settings.keys')}</h2>
        ${keys.length === 0 ? html`<p class="soft">${words.say('settings.keys.none')}</p>` : list(frame, keys)}
      </section>
      <section class="card" aria-labelledby="new-title">
        <h2 id="new-title">${words.say('settings.keys.new')}</h2>
        <form class="stack narrow" method="post" action="${link(frame, '/settings/keys')}">
          <input type="hidden" name="csrf" value="${csrf}" />
          <label for="key-name">${words.say('setup.site.name')}</label>
          <input id="key-name" name="name" maxlength="100" />
          <label for="key-scope">${words.say('settings.scope')}</label>
          <select id="key-scope" name="scope">
            ${SCOPES.map(scope => html`<option value="${scope}">${words.say(`scope.${scope}`)}</option>`)}
          </select>
          <label for="key-expires">${words.say('settings.expires')}</label>
          <input id="key-expires" name="expires" type="date" aria-describedby="key-expires-hint" />
          <p class="hint" id="key-expires-hint">${words.say('settings.expires.hint')}</p>
          <p><button class="primary">${words.say('settings.add')}</button></p>
        </form>
      </section>`,
    ['copy.js'],
  )
}

function list(frame: Frame, keys: readonly KeyRecord[]): Html {
  const { words, now } = frame
  return html`<ul class="items">
    ${keys.map(({ id, name, scope, site, createdAt, expiresAt, revokedAt, lastUsedAt }) => {
      const ended = revokedAt !== null || (expiresAt !== null && expiresAt <= now)
      const facts = [
        `${words.say('settings.created')} ${words.date(createdAt)}`,
        lastUsedAt === null
          ? words.say('settings.neverUsed')
          : `${words.say('settings.lastUsed')} ${words.relative(lastUsedAt, now)}`,
        expiresAt !== null && `${words.say('settings.until')} ${words.dateTime(expiresAt)}`,
        site === null && words.say('settings.everySite'),
      ]
      return html`<li>
        <div>
          <h3>
            ${cut(name ?? id)} <span class="chip">${words.say(`scope.${scope}`)}</span>
            ${ended && html`<span class="chip stage-disqualified">${words.say('settings.ended')}</span>`}
          </h3>
          <p class="soft">${facts.filter(fact => fact !== false).join(' · ')} · <code>${id}</code></p>
        </div>
        ${
          !ended &&
          html`<div class="row">
            ${act(frame, `/settings/keys/${id}/rotate`, words.say('settings.rotate'), { about: name ?? id })}
            ${act(frame, `/settings/keys/${id}/revoke`, words.say('settings.revoke'), { about: name ?? id })}
          </div>`
        }
      </li>`
    })}
  </ul>`
}
