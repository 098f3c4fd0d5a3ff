import { Refusal } from '../../../shared/refusal.ts'
import type { Webhook } from '../../../shared/webhook.ts'
import { and, asc, desc, drizzle, eq, gte, inArray, isNull, lt, lte, notInArray, sql } from '../drizzle.ts'
import type { OutboxReader, OutboxWriter } from '../outbox.ts'
import { deliveries, webhooks } from '../schema.ts'
import type { Connection } from './open.ts'

type WebhookRow = typeof webhooks.$inferSelect

const toWebhook = ({ siteId, ...row }: WebhookRow): Webhook => ({ ...row, site: siteId })

const COLUMNS = {
  place: deliveries.place,
  id: deliveries.id,
  webhook: deliveries.webhookId,
  type: deliveries.type,
  body: deliveries.body,
  createdAt: deliveries.createdAt,
  state: deliveries.state,
  nextAt: deliveries.nextAt,
  tries: deliveries.tries,
  attempts: deliveries.attempts,
}

export function outboxReader(connection: Connection): OutboxReader {
  const db = drizzle(connection)
  return {
    webhooks: async site =>
      db
        .select()
        .from(webhooks)
        .where(site === undefined ? undefined : eq(webhooks.siteId, site))
        .orderBy(webhooks.createdAt, webhooks.id)
        .all()
        .map(toWebhook),

    webhook: async (site, id) => {
      const row = db
        .select()
        .from(webhooks)
        .where(and(eq(webhooks.siteId, site), eq(webhooks.id, id)))
        .get()
      return row ? toWebhook(row) : null
    },

    deliveries: async (webhook, { state, limit, after }) => {
      const rows = db
        .select(COLUMNS)
        .from(deliveries)
        .where(
          and(
            eq(deliveries.webhookId, webhook),
            state && eq(deliveries.state, state),
            after === undefined ? undefined : lt(deliveries.place, after),
          ),
        )
        .orderBy(desc(deliveries.place))
        .limit(limit + 1)
        .all()
      return { items: rows.slice(0, limit), more: rows.length > limit }
    },

    due: async now =>
      db
        .select()
        .from(webhooks)
        .where(
          and(
            isNull(webhooks.disabledAt),
            sql`EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = ${webhooks.id} AND d.next_at <= ${now})`,
          ),
        )
        .all()
        .map(toWebhook),

    dueDeliveries: async (webhook, now, limit, onTheirWay) =>
      db
        .select(COLUMNS)
        .from(deliveries)
        .where(
          and(
            eq(deliveries.webhookId, webhook),
            lte(deliveries.nextAt, now),
            onTheirWay.length > 0 ? notInArray(deliveries.place, [...onTheirWay]) : undefined,
          ),
        )
        .orderBy(asc(deliveries.nextAt), asc(deliveries.place))
        .limit(limit)
        .all(),
  }
}

/** Every method runs inside the caller's transaction. */
export function outboxWriter(connection: Connection) {
  const db = drizzle(connection)
  const settle = connection.prepare(
    `UPDATE deliveries SET attempts = json_insert(attempts, '$[#]', json(@attempt)), tries = tries + 1,
       state = CASE WHEN @ok THEN 'delivered' WHEN @nextAt IS NULL OR state = 'dead' THEN 'dead' ELSE 'waiting' END,
       next_at = CASE WHEN @ok OR state = 'dead' THEN NULL ELSE @nextAt END
     WHERE place = @place`,
  )
  const giveUp = { state: 'dead', nextAt: null } as const

  return {
    addWebhook({ site, ...webhook }: Webhook): void {
      db.insert(webhooks)
        .values({ ...webhook, siteId: site })
        .run()
    },

    changeWebhook(site: number, id: string, change: Parameters<OutboxWriter['changeWebhook']>[2]): void {
      if (Object.keys(change).length === 0) return
      const mine = and(eq(webhooks.siteId, site), eq(webhooks.id, id))
      const { changes } = db.update(webhooks).set(change).where(mine).run()
      if (changes === 0) throw notThere(id)
      if (typeof change.disabledAt === 'number') drop(id)
    },

    removeWebhook(site: number, id: string): void {
      const mine = and(eq(webhooks.siteId, site), eq(webhooks.id, id))
      if (db.delete(webhooks).where(mine).run().changes === 0) throw notThere(id)
      db.delete(deliveries).where(eq(deliveries.webhookId, id)).run()
    },

    disableWebhook(id: string, reason: string, now: number): void {
      const enabled = and(eq(webhooks.id, id), isNull(webhooks.disabledAt))
      const { changes } = db.update(webhooks).set({ disabledAt: now, disabledReason: reason }).where(enabled).run()
      if (changes > 0) drop(id)
    },

    settleDeliveries(settlements: Parameters<OutboxWriter['settleDeliveries']>[0]): void {
      for (const { place, attempt, nextAt } of settlements)
        settle.run({ place, attempt: JSON.stringify(attempt), ok: attempt.error === null ? 1 : 0, nextAt })
    },

    replay(webhook: string, { id, since }: Parameters<OutboxWriter['replay']>[1], now: number): number {
      const which =
        id === undefined
          ? and(eq(deliveries.state, 'dead'), since === undefined ? undefined : gte(deliveries.createdAt, since))
          : eq(deliveries.id, id)
      const { changes } = db
        .update(deliveries)
        .set({ state: 'waiting', nextAt: now, tries: 0 })
        .where(and(eq(deliveries.webhookId, webhook), which))
        .run()
      return changes
    },

    forgetDelivered(before: number, limit: number): number {
      const old = db
        .select({ place: deliveries.place })
        .from(deliveries)
        .where(sql`${deliveries.state} = 'delivered' AND ${deliveries.createdAt} < ${before}`)
        .limit(limit)
      return db.delete(deliveries).where(inArray(deliveries.place, old)).run().changes
    },
  }

  function drop(webhook: string): void {
    const waiting = and(eq(deliveries.webhookId, webhook), eq(deliveries.state, 'waiting'))
    db.update(deliveries).set(giveUp).where(waiting).run()
  }
}

const notThere = (id: string): Refusal => new Refusal('not_found', `There is no webhook ${id}.`)
