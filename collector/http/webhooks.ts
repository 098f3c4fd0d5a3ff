import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { HOUR, type Duration, type Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { utc, utcOrNull } from '../../shared/utc.ts'
import {
  DELIVERY_STATES,
  MESSAGE_TYPES,
  WEBHOOK_KINDS,
  type Attempt,
  type Delivery,
  type Webhook,
  type WebhookKind,
} from '../../shared/webhook.ts'
import type { Verbs } from '../ingest/writer.ts'
import type { Replay } from '../store/outbox.ts'
import type { Store } from '../store/store.ts'
import { siteKey } from './access.ts'
import { at, listOf } from './answer.ts'
import { flag, instant, number, object, oneOf, optional, text } from './json.ts'
import * as query from './query.ts'
import { route, type Route } from './route.ts'

export interface WebhookParts {
  store: Pick<Store, 'webhooks' | 'webhook' | 'deliveries'>
  writer: Pick<Verbs, 'addWebhook' | 'changeWebhook' | 'removeWebhook' | 'replay'>
  clock: () => Instant
  /** The way out: http itself sends nothing. */
  outbox: {
    /** An address as it is kept; refuses one that nothing may be sent to. */
    admit: (url: string) => Promise<string>
    newSecret: () => string
    test: (webhook: Webhook, id: string) => Promise<Attempt>
    /** Something is due at once. */
    round: () => Promise<void>
  }
}

/** Of one site. */
const MOST = 20

/** What is asked for when nothing is: programs want to know everything, people what they must act on. */
const EVENTS = (kind: WebhookKind): Webhook['events'] =>
  kind === 'webhook' ? [...MESSAGE_TYPES] : ['lead.mql', 'lead.sql_candidate']

const webhookShape = v.object({
  id: v.string(),
  kind: v.picklist(WEBHOOK_KINDS),
  url: v.string(),
  events: v.array(v.picklist(MESSAGE_TYPES)),
  description: v.nullable(v.string()),
  enabled: v.boolean(),
  disabled_at: v.nullable(at),
  disabled_reason: v.nullable(v.string()),
  /** Until when the secret before signs as well. */
  previous_secret_until: v.nullable(at),
  created_at: at,
})
/** The secret is in the answer to what made it, and in no other. */
const withSecretShape = v.object({ ...webhookShape.entries, secret: v.string() })

const attemptShape = v.object({
  at,
  status: v.nullable(v.number()),
  error: v.nullable(v.string()),
  milliseconds: v.number(),
})

const deliveryShape = v.object({
  id: v.string(),
  type: v.picklist(MESSAGE_TYPES),
  state: v.picklist(DELIVERY_STATES),
  created_at: at,
  next_at: v.nullable(at),
  attempts: v.array(attemptShape),
  body: v.unknown(),
})

const events = v.pipe(
  v.array(v.picklist(MESSAGE_TYPES, `must be one of ${MESSAGE_TYPES.join(', ')}`), 'must be a list'),
  v.minLength(1, 'must name at least one'),
  v.transform(given => [...new Set(given)]),
)
const url = text(2_048)
const description = text(200)

/** `/v1/webhooks`: whom to tell, and what became of it. Their addresses are secrets in part, so all of it needs `admin`. */
export function webhooks({ store, writer, clock, outbox }: WebhookParts): Route[] {
  const access = siteKey('admin')
  const path = '/v1/webhooks/:id'

  const find = (site: number, id: string) => findWebhook({ store }, site, id)

  return [
    route({
      method: 'get',
      path: '/v1/webhooks',
      access,
      summary: 'Whom transitions are told to',
      answer: listOf(webhookShape),
      run: async ({ site }) => ({ data: (await store.webhooks(site)).map(webhookView), paging: {} }),
    }),
    route({
      method: 'post',
      path: '/v1/webhooks',
      access,
      summary: 'Adds a webhook, or a Slack, Teams or Discord channel; the secret is shown only now',
      body: object({
        url,
        kind: optional(oneOf(WEBHOOK_KINDS)),
        events: optional(events),
        description: optional(description),
      }),
      answer: withSecretShape,
      status: 201,
      async run({ c, site, body }) {
        const webhook = await createWebhook({ store, writer, clock, outbox }, site, body)
        c.header('Location', `/v1/webhooks/${webhook.id}`)
        return { ...webhookView(webhook), secret: webhook.secret }
      },
    }),
    route({
      method: 'get',
      path,
      access,
      summary: 'One webhook',
      answer: webhookShape,
      run: async ({ site, params }) => webhookView(await find(site, params.id)),
    }),
    route({
      method: 'patch',
      path,
      access,
      summary: 'Changes a webhook, disables it, or enables it again',
      body: object({
        url: optional(url),
        events: optional(events),
        description: optional(description),
        enabled: optional(flag),
      }),
      answer: webhookShape,
      async run({ site, params: { id }, body }) {
        await find(site, id)
        const { enabled } = body
        await writer.changeWebhook(site, id, {
          ...(body.url && { url: await outbox.admit(body.url) }),
          ...(body.events && { events: body.events }),
          ...(body.description && { description: body.description }),
          ...(enabled === true && { disabledAt: null, disabledReason: null }),
          ...(enabled === false && { disabledAt: clock(), disabledReason: 'by hand' }),
        })
        return webhookView(await find(site, id))
      },
    }),
    route({
      method: 'delete',
      path,
      access,
      summary: 'Removes a webhook, with all that was written for it',
      answer: null,
      status: 204,
      async run({ c, site, params: { id } }) {
        await writer.removeWebhook(site, id)
        return c.body(null, 204)
      },
    }),
    route({
      method: 'post',
      path: `${path}/rotate`,
      access,
      summary: 'Gives a new secret, shown only now; the one before signs as well for a while, 24 hours by default',
      body: object({ overlap_hours: optional(number(0, 720)) }),
      answer: withSecretShape,
      async run({ site, params: { id }, body }) {
        const { secret } = await rotateSecret(
          { store, writer, clock, outbox },
          site,
          id,
          (body.overlap_hours ?? 24) * HOUR,
        )
        return { ...webhookView(await find(site, id)), secret }
      },
    }),
    route({
      method: 'post',
      path: `${path}/test`,
      access,
      summary: 'Sends a test message at once, and says what the receiver answered',
      answer: v.object({ id: v.string(), delivered: v.boolean(), ...attemptShape.entries }),
      async run({ site, params }) {
        const webhook = await find(site, params.id)
        const id = messageId()
        const attempt = await outbox.test(webhook, id)
        return { id, delivered: attempt.error === null, ...attemptView(attempt) }
      },
    }),
    route({
      method: 'get',
      path: `${path}/deliveries`,
      access,
      summary: 'What was sent and is to be sent, the newest first, with every attempt',
      query: { state: query.oneOf(DELIVERY_STATES), limit: query.wholeNumber(1, 500), after: query.cursor },
      answer: listOf(deliveryShape),
      async run({ site, params, query: { state, limit = 50, after } }) {
        const { id } = await find(site, params.id)
        const { items, more } = await store.deliveries(id, {
          limit,
          ...(state && { state }),
          ...(after && { after: after.value }),
        })
        const last = items.at(-1)
        return {
          data: items.map(deliveryView),
          paging: more && last ? { next: { after: query.writeCursor(last.place, last.id) } } : {},
        }
      },
    }),
    route({
      method: 'post',
      path: `${path}/replay`,
      access,
      summary: 'Sends again what was given up, or one message by id, under the ids that they had',
      body: object({ id: optional(text(100)), since: optional(instant) }),
      answer: v.object({ replayed: v.number() }),
      status: 202,
      async run({ site, params, body }) {
        const { id, since } = body
        const which = { ...(id && { id }), ...(typeof since === 'number' && { since }) }
        const replayed = await replayMessages({ store, writer, clock, outbox }, site, params.id, which)
        return { replayed }
      },
    }),
  ]
}

export async function findWebhook({ store }: Pick<WebhookParts, 'store'>, site: number, id: string): Promise<Webhook> {
  const webhook = await store.webhook(site, id)
  if (webhook) return webhook
  throw new Refusal('not_found', `There is no webhook ${id}.`)
}

/** A new one, with a secret of its own; refuses an address that nothing may be sent to. */
export async function createWebhook(
  { store, writer, clock, outbox }: WebhookParts,
  site: number,
  asked: {
    url: string
    kind?: WebhookKind | null | undefined
    events?: Webhook['events'] | null | undefined
    description?: string | null | undefined
  },
): Promise<Webhook> {
  const address = await outbox.admit(asked.url)
  if ((await store.webhooks(site)).length >= MOST)
    throw new Refusal('conflict', `A site has at most ${MOST} webhooks. Remove one first.`)
  const kind = asked.kind ?? 'webhook'
  const webhook: Webhook = {
    id: `wh_${token()}`,
    site,
    kind,
    url: address,
    events: asked.events ?? EVENTS(kind),
    description: asked.description ?? null,
    secret: outbox.newSecret(),
    previousSecret: null,
    previousUntil: null,
    createdAt: clock(),
    disabledAt: null,
    disabledReason: null,
  }
  await writer.addWebhook(webhook)
  return webhook
}

/** A new secret; the one before signs as well for `overlap`. */
export async function rotateSecret(
  { store, writer, clock, outbox }: WebhookParts,
  site: number,
  id: string,
  overlap: Duration,
): Promise<{ secret: string }> {
  const { secret: previousSecret } = await findWebhook({ store }, site, id)
  const secret = outbox.newSecret()
  await writer.changeWebhook(site, id, { secret, previousSecret, previousUntil: clock() + overlap })
  return { secret }
}

/** How many are sent again. */
export async function replayMessages(
  { store, writer, clock, outbox }: WebhookParts,
  site: number,
  id: string,
  which: Replay,
): Promise<number> {
  const webhook = await findWebhook({ store }, site, id)
  if (webhook.disabledAt !== null)
    throw new Refusal('conflict', 'The webhook is disabled. Enable it first: PATCH with { "enabled": true }.')
  const replayed = await writer.replay(webhook.id, which, clock())
  if (which.id && replayed === 0) throw new Refusal('not_found', `There is no message ${which.id} for this webhook.`)
  void outbox.round()
  return replayed
}

export const messageId = (): string => `msg_${token()}`

const token = (): string => randomBytes(12).toString('hex')

function webhookView(webhook: Webhook) {
  const { id, kind, url: address, events: types, description: words, disabledAt, disabledReason } = webhook
  return {
    id,
    kind,
    url: address,
    events: types,
    description: words,
    enabled: disabledAt === null,
    disabled_at: utcOrNull(disabledAt),
    disabled_reason: disabledReason,
    previous_secret_until: utcOrNull(webhook.previousUntil),
    created_at: utc(webhook.createdAt),
  }
}

const attemptView = ({ at: when, status, error, took }: Attempt) => ({
  at: utc(when),
  status,
  error,
  milliseconds: took,
})

const deliveryView = ({ id, type, state, createdAt, nextAt, attempts, body }: Delivery) => ({
  id,
  type,
  state,
  created_at: utc(createdAt),
  next_at: utcOrNull(nextAt),
  attempts: attempts.map(attemptView),
  body: JSON.parse(body) as unknown,
})
