import { createRequire } from 'node:module'
import { DAY, HOUR } from '../../../shared/instant.ts'
import { Refusal } from '../../../shared/refusal.ts'
import { SCOPES } from '../../../shared/site.ts'
import { MESSAGE_TYPES, WEBHOOK_KINDS, type Webhook } from '../../../shared/webhook.ts'
import type { Frame } from '../../dashboard/frame.ts'
import { link } from '../../dashboard/frame.ts'
import { healthSettings } from '../../dashboard/settings/health.ts'
import { keySettings } from '../../dashboard/settings/keys.ts'
import { siteSettings } from '../../dashboard/settings/site.ts'
import { webhookPage, webhookSettings, type WebhookDetails } from '../../dashboard/settings/webhooks.ts'
import { instant, oneOf, text } from '../query.ts'
import type { Route } from '../route.ts'
import { addKey, addSite, rotateKey } from '../site.ts'
import { createWebhook, findWebhook, messageId, replayMessages, rotateSecret } from '../webhooks.ts'
import { live } from './live.ts'
import { form, page } from './page.ts'
import type { PageParts } from './pages.ts'
import { privacy } from './privacy.ts'
import { quarantine } from './quarantine.ts'
import { readSite } from './setup.ts'

/** Messages of a webhook on its page. */
const DELIVERIES = 50

/** How long an old secret is good beside the new one. */
const OVERLAP = 24 * HOUR

const { version } = createRequire(import.meta.url)('leadlight/package.json') as { version: string }

/** `/settings`: the site, its keys, whom it tells, how it is doing. */
export const settings = (parts: PageParts): Route[] => [
  ...siteForms(parts),
  ...keyForms(parts),
  ...webhookForms(parts),
  ...privacy(parts),
  ...quarantine(parts),
  ...live(parts),
  page(parts, '/settings/health', async ({ frame }) => {
    const failure = parts.failing() ?? (await parts.store.ping().then(() => null, asError))
    const tracking = await parts.store.trackingHealth(frame.site.id)
    return healthSettings(frame, { failure: failure?.message ?? null, version, tracking })
  }),
]

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

const siteForms = (parts: PageParts): Route[] => [
  page(parts, '/settings', ({ frame }) => siteSettings(frame)),
  form(parts, '/settings/site', { name: text, origins: text }, async ({ frame, given }) => {
    await parts.writer.changeSite(frame.site.id, readSite(given))
    return { to: link(frame, '/settings'), notice: 'saved' }
  }),
  form(parts, '/settings/sites', { name: text, origins: text }, async ({ given }) => {
    const added = await addSite(parts.writer, { ...readSite(given), starter: 'shop' }, parts.clock())
    return { to: `/setup/install?site=${added.id}`, notice: 'saved' }
  }),
]

function keyForms(parts: PageParts): Route[] {
  const { store, writer, clock } = parts

  /** One that is for this site, or for every site. */
  async function find({ site }: Frame, id: string): Promise<string> {
    if ((await keysOf(site.id)).some(key => key.id === id)) return id
    throw new Refusal('not_found', `There is no key ${id}.`)
  }
  const keysOf = async (site: number) => (await store.keys(null)).filter(key => key.site === null || key.site === site)

  return [
    page(parts, '/settings/keys', async ({ frame }) => keySettings(frame, await keysOf(frame.site.id))),
    form(
      parts,
      '/settings/keys',
      { name: text, scope: oneOf(SCOPES), expires: instant },
      async ({ frame, given: { name = null, scope, expires } }) => {
        if (scope === undefined) throw new Refusal('unprocessable', 'A key needs a scope.')
        const { site, account } = frame
        // The day that is named is the last one.
        const expiresAt = expires === undefined ? null : expires + DAY
        if (expiresAt !== null && expiresAt <= clock())
          throw new Refusal('unprocessable', 'The key would have ended already.', [
            { pointer: '/expires', detail: 'must lie in the future' },
          ])
        const made = { name: name?.slice(0, 100) ?? null, expiresAt, createdBy: account.id }
        const { secret } = await addKey(writer, site.id, scope, clock(), made)
        return { show: keySettings(frame, await keysOf(site.id), secret) }
      },
    ),
    form(parts, '/settings/keys/:id/rotate', {}, async ({ frame, params }) => {
      const id = await find(frame, params.id)
      const { secret } = await rotateKey(writer, id, OVERLAP, clock(), frame.account.id)
      return { show: keySettings(frame, await keysOf(frame.site.id), secret) }
    }),
    form(parts, '/settings/keys/:id/revoke', {}, async ({ frame, params }) => {
      await writer.revokeKey(await find(frame, params.id), clock())
      return { to: link(frame, '/settings/keys'), notice: 'saved' }
    }),
  ]
}

const TOLD = Object.fromEntries(MESSAGE_TYPES.map(type => [type, text])) as Record<
  Webhook['events'][number],
  typeof text
>

function webhookForms(parts: PageParts): Route[] {
  const { store, writer, clock, outbox } = parts
  const path = '/settings/webhooks/:id'
  const pathOf = ({ id }: { id: string }): string => `/settings/webhooks/${encodeURIComponent(id)}`

  async function shown(frame: Frame, id: string, more: Partial<WebhookDetails> = {}) {
    const webhook = await findWebhook(parts, frame.site.id, id)
    const { items } = await store.deliveries(id, { limit: DELIVERIES })
    return webhookPage(frame, { webhook, deliveries: items, ...more })
  }

  return [
    page(parts, '/settings/webhooks', async ({ frame }) => webhookSettings(frame, await store.webhooks(frame.site.id))),
    form(
      parts,
      '/settings/webhooks',
      { url: text, kind: oneOf(WEBHOOK_KINDS), description: text, ...TOLD },
      async ({ frame, given }) => {
        const { url = '', kind = 'webhook', description } = given
        const events = MESSAGE_TYPES.filter(type => given[type] !== undefined)
        if (events.length === 0) throw new Refusal('unprocessable', 'Say what is to be told: at least one.')
        const { id, secret } = await createWebhook(parts, frame.site.id, {
          url: url.trim(),
          kind,
          events,
          ...(description && { description: description.slice(0, 200) }),
        })
        // Chats never see it.
        if (kind !== 'webhook') return { to: link(frame, pathOf({ id })), notice: 'saved' }
        return { show: await shown(frame, id, { secret }) }
      },
    ),
    page(parts, path, ({ frame, params }) => shown(frame, params.id)),
    form(parts, `${path}/test`, {}, async ({ frame, params }) => {
      const webhook = await findWebhook(parts, frame.site.id, params.id)
      const attempt = await outbox.test(webhook, messageId())
      return { show: await shown(frame, webhook.id, { attempt }) }
    }),
    form(parts, `${path}/rotate`, {}, async ({ frame, params }) => {
      const { secret } = await rotateSecret(parts, frame.site.id, params.id, OVERLAP)
      return { show: await shown(frame, params.id, { secret }) }
    }),
    form(parts, `${path}/disable`, {}, async ({ frame, params }) => {
      await writer.changeWebhook(frame.site.id, params.id, { disabledAt: clock(), disabledReason: 'by hand' })
      return { to: link(frame, pathOf(params)), notice: 'saved' }
    }),
    form(parts, `${path}/enable`, {}, async ({ frame, params }) => {
      await writer.changeWebhook(frame.site.id, params.id, { disabledAt: null, disabledReason: null })
      return { to: link(frame, pathOf(params)), notice: 'saved' }
    }),
    form(parts, `${path}/remove`, {}, async ({ frame, params }) => {
      const { id } = await findWebhook(parts, frame.site.id, params.id)
      await writer.removeWebhook(frame.site.id, id)
      return { to: link(frame, '/settings/webhooks'), notice: 'removed' }
    }),
    form(parts, `${path}/replay`, { id: text }, async ({ frame, params, given: { id } }) => {
      await replayMessages(parts, frame.site.id, params.id, { ...(id && { id }) })
      return { to: link(frame, pathOf(params)), notice: 'saved' }
    }),
  ]
}
