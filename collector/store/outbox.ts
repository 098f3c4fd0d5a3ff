import type { Instant } from '../../shared/instant.ts'
import type { Attempt, Delivery, DeliveryState, Webhook } from '../../shared/webhook.ts'
import type { Page } from './store.ts'

/** A delivery with what sending it takes. */
export interface DueDelivery extends Delivery {
  site: number
}

/** What became of an attempt. */
export interface Settlement {
  place: number
  attempt: Attempt
  /** `null`: it is delivered, or (with an error) given up. */
  nextAt: Instant | null
}

export interface DeliveryQuery {
  state?: DeliveryState
  limit: number
  /** The place where the previous page ended. */
  after?: number
}

/** Which messages are to be sent again. */
export interface Replay {
  /** This one, whatever became of it; otherwise all that were given up. */
  id?: string
  /** Of those, the ones that came about since then. */
  since?: Instant
}

/** What may be changed of a webhook that is there. `disabledAt: null` enables it again. */
export type WebhookChange = Partial<Omit<Webhook, 'id' | 'site' | 'kind' | 'createdAt'>>

/** What others are told: read by whoever sends or asks. */
export interface OutboxReader {
  /** The oldest first; of one site, or of all. */
  webhooks(site?: number): Promise<Webhook[]>
  webhook(site: number, id: string): Promise<Webhook | null>
  /** The newest first. */
  deliveries(webhook: string, query: DeliveryQuery): Promise<Page<Delivery>>
  /** Webhooks for which something is due at `now`. */
  due(now: Instant): Promise<Webhook[]>
  /** What is due for a webhook at `now`, but for those on their way: what has waited longest first. */
  dueDeliveries(webhook: string, now: Instant, limit: number, onTheirWay: readonly number[]): Promise<Delivery[]>
}

/** And written, each verb in one transaction. What a transition tells is written with it, by `Persons`. */
export interface OutboxWriter {
  addWebhook(webhook: Webhook): Promise<void>
  /** Refuses what is not there (`not_found`). */
  changeWebhook(site: number, id: string, change: WebhookChange): Promise<void>
  /** With everything that was written for it. */
  removeWebhook(site: number, id: string): Promise<void>
  /** Its messages that wait are given up, and kept. Nothing happens if it is gone or disabled already. */
  disableWebhook(id: string, reason: string, now: Instant): Promise<void>
  settleDeliveries(settlements: readonly Settlement[]): Promise<void>
  /** Puts messages at the beginning of the schedule again. How many there were. */
  replay(webhook: string, which: Replay, now: Instant): Promise<number>
  /** Forgets up to `limit` messages that were delivered and came about before then. How many there were. */
  forgetDelivered(before: Instant, limit: number): Promise<number>
}
