import { MESSAGE_TYPES, WEBHOOK_KINDS, type Attempt, type Delivery, type Webhook } from '../../../shared/webhook.ts'
import { link, type Frame } from '../frame.ts'
import { flag, html, type Html } from '../html.ts'
import { cut } from '../who.ts'
import { act, secretCard, settingsPage } from './section.ts'

/** What webhooks and chats call themselves. */
const KINDS: Record<Webhook['kind'], string> = {
  webhook: 'Webhook',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  discord: 'Discord',
}

const PATH = '/settings/webhooks'
const pathOf = (id: string, more = ''): string => `${PATH}/${encodeURIComponent(id)}${more}`

/** `/settings/webhooks`: whom to tell, and another one. */
export function webhookSettings(frame: Frame, webhooks: readonly Webhook[]): Html {
  const { words, csrf } = frame
  return settingsPage(
    frame,
    PATH,
    html`<section class="card" aria-labelledby="webhooks-title">
        <h2 id="webhooks-title">${words.say('settings.webhooks')}</h2>
        ${
          webhooks.length === 0
            ? html`<p class="soft">${words.say('settings.webhooks.none')}</p>`
            : html`<ul class="items">
                ${webhooks.map(webhook => {
                  const { id, kind, url, description, events } = webhook
                  return html`<li>
                    <div>
                      <h3>
                        <a href="${link(frame, pathOf(id))}">${cut(description ?? `${KINDS[kind]}: ${hostOf(url)}`)}</a>
                        ${state(frame, webhook)}
                      </h3>
                      <p class="soft">${KINDS[kind]} · ${hostOf(url)} · ${events.join(', ')}</p>
                    </div>
                  </li>`
                })}
              </ul>`
        }
      </section>
      <section class="card" aria-labelledby="new-title">
        <h2 id="new-title">${words.say('settings.webhooks.new')}</h2>
        <form class="stack narrow" method="post" action="${link(frame, PATH)}">
          <input type="hidden" name="csrf" value="${csrf}" />
          <label for="kind">${words.say('settings.kind')}</label>
          <select id="kind" name="kind">
            ${WEBHOOK_KINDS.map(kind => html`<option value="${kind}">${KINDS[kind]}</option>`)}
          </select>
          <label for="url">${words.say('settings.url')}</label>
          <input id="url" name="url" type="url" required maxlength="2048" placeholder="https://" />
          <label for="description">${words.say('settings.description')}</label>
          <input id="description" name="description" maxlength="200" />
          <fieldset class="checks">
            <legend>${words.say('settings.events')}</legend>
            ${MESSAGE_TYPES.map(
              type =>
                html`<label
                  ><input type="checkbox" name="${type}" value="on" ${flag('checked', TOLD.includes(type))} />
                  <span>${words.say(`message.${type}`)}</span></label
                >`,
            )}
          </fieldset>
          <p><button class="primary">${words.say('settings.add')}</button></p>
        </form>
      </section>`,
  )
}

/** What people must act on. */
const TOLD: readonly string[] = ['lead.mql', 'lead.sql_candidate']

export interface WebhookDetails {
  webhook: Webhook
  deliveries: readonly Delivery[]
  /** Shown this once. */
  secret?: string
  /** Of the test that has just been made. */
  attempt?: Attempt
}

/** `/settings/webhooks/:id`: one of them, and what became of its messages. */
export function webhookPage(frame: Frame, { webhook, deliveries, secret, attempt }: WebhookDetails): Html {
  const { words } = frame
  const { id, kind, url, description, events, disabledAt, disabledReason } = webhook
  const button = (verb: string, label: string): Html => act(frame, pathOf(id, `/${verb}`), label)
  return settingsPage(
    frame,
    PATH,
    html`${secret !== undefined && secretCard(frame, secret)}
      <section class="card" aria-labelledby="webhook-title">
        <h2 id="webhook-title">${cut(description ?? KINDS[kind])} ${state(frame, webhook)}</h2>
        ${
          attempt &&
          html`<p class="${attempt.error === null ? 'notice' : 'problem'}" role="status">
            ${words.say(attempt.error === null ? 'settings.test.delivered' : 'settings.test.failed')}
            <span lang="en">${said(attempt)}</span>
          </p>`
        }
        <dl class="facts">
          <div>
            <dt>${words.say('settings.url')}</dt>
            <dd><code>${cut(url, 300)}</code></dd>
          </div>
          <div>
            <dt>${words.say('settings.events')}</dt>
            <dd>${events.map(type => words.say(`message.${type}`)).join(' · ')}</dd>
          </div>
          ${
            disabledAt !== null &&
            html`<div>
              <dt>${words.say('settings.disabled')}</dt>
              <dd>${words.dateTime(disabledAt)} <span class="soft" lang="en">${disabledReason}</span></dd>
            </div>`
          }
        </dl>
        <div class="row">
          ${button('test', words.say('settings.test'))}
          ${kind === 'webhook' && button('rotate', words.say('settings.rotate'))}
          ${disabledAt === null ? button('disable', words.say('settings.disable')) : button('enable', words.say('settings.enable'))}
          ${button('remove', words.say('settings.remove'))}
        </div>
      </section>
      <section class="card" aria-labelledby="deliveries-title">
        <h2 id="deliveries-title">${words.say('settings.deliveries')}</h2>
        ${
          deliveries.length === 0
            ? html`<p class="soft">${words.say('settings.deliveries.none')}</p>`
            : html`<div class="row">${disabledAt === null && button('replay', words.say('settings.replayDead'))}</div>
                <ul class="items">
                  ${deliveries.map(delivery => deliveryItem(frame, webhook, delivery))}
                </ul>`
        }
      </section>`,
    ['copy.js'],
  )
}

function deliveryItem(frame: Frame, { id, disabledAt }: Webhook, delivery: Delivery): Html {
  const { words, now } = frame
  const { type, state: became, createdAt, nextAt, attempts, body } = delivery
  const tone = { waiting: 'stage-mql', delivered: 'stage-sql', dead: 'stage-disqualified' }[became]
  return html`<li>
    <div>
      <h3>${words.say(`message.${type}`)} <span class="chip ${tone}">${words.say(`delivery.${became}`)}</span></h3>
      <p class="soft">
        ${words.dateTime(createdAt)}
        ${nextAt !== null && html`· ${words.say('settings.next')} ${words.relative(nextAt, now)}`} ·
        <code>${delivery.id}</code>
      </p>
      <details>
        <summary>${words.say('settings.attempts', { count: attempts.length })}</summary>
        <ol class="attempts">
          ${attempts.map(tried => html`<li class="soft">${words.dateTime(tried.at)} <span lang="en">${said(tried)}</span></li>`)}
        </ol>
        <pre tabindex="0" role="region" aria-label="${delivery.id}"><code>${cut(body, 4_000)}</code></pre>
      </details>
    </div>
    ${
      disabledAt === null &&
      became !== 'waiting' &&
      act(frame, pathOf(id, '/replay'), words.say('settings.replay'), {
        about: delivery.id,
        fields: { id: delivery.id },
      })
    }
  </li>`
}

const state = ({ words }: Frame, { disabledAt }: Webhook): Html | false =>
  disabledAt !== null && html`<span class="chip stage-disqualified">${words.say('settings.disabled')}</span>`

const said = ({ status, error, took }: Attempt): string =>
  [status !== null && `HTTP ${status}`, error !== null && cut(error, 200), `${took} ms`].filter(Boolean).join(', ')

const hostOf = (url: string): string => cut(URL.parse(url)?.host ?? url, 100)
