import type { Instant } from './instant.ts'

/** What others can be told of. */
export const MESSAGE_TYPES = [
  'lead.created',
  'lead.mql',
  'lead.sql_candidate',
  'lead.stage_changed',
  'lead.cooled',
] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

/** In whose words: a program's, as the Standard Webhooks specification has them, or a chat's. */
export const WEBHOOK_KINDS = ['webhook', 'slack', 'teams', 'discord'] as const
export type WebhookKind = (typeof WEBHOOK_KINDS)[number]

/** An address that wants to be told. */
export interface Webhook {
  /** `wh_…` */
  id: string
  site: number
  kind: WebhookKind
  url: string
  events: MessageType[]
  description: string | null
  /** `whsec_…`, with which messages are signed. Chats get one too, and never see it. */
  secret: string
  /** Signs as well until `previousUntil`, so that the receiver can change over. */
  previousSecret: string | null
  previousUntil: Instant | null
  createdAt: Instant
  /** Nothing is written for it, and nothing sent, since then. */
  disabledAt: Instant | null
  disabledReason: string | null
}

/** `waiting`: to be sent, or sent again. `dead`: given up, and kept until somebody asks for it again. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'dead'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** One attempt to deliver a message. */
export interface Attempt {
  at: Instant
  /** Of the answer; `null` when there was none. */
  status: number | null
  /** Why it failed; `null` when it did not. */
  error: string | null
  /** Milliseconds. */
  took: number
}

/** A message on its way to one webhook. */
export interface Delivery {
  /** Its place in the order in which messages came about. */
  place: number
  /** `msg_…`, the same on every attempt and for every webhook. */
  id: string
  webhook: string
  type: MessageType
  /** JSON `{ type, timestamp, data }`, as it was when it happened. */
  body: string
  createdAt: Instant
  state: DeliveryState
  /** When it is sent next; `null` when it is not waiting. */
  nextAt: Instant | null
  /** How far along the schedule it is: attempts since it was written or last replayed. */
  tries: number
  /** All of them, the oldest first. */
  attempts: Attempt[]
}
