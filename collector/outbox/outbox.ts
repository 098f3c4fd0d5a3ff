import type { Duration, Instant } from '../../shared/instant.ts'
import type { Attempt, Delivery, Webhook, WebhookKind } from '../../shared/webhook.ts'
import type { OutboxReader, OutboxWriter, Settlement } from '../store/outbox.ts'
import { chatOf, type Chat } from './chat.ts'
import { discord } from './discord.ts'
import type { Guard } from './guard.ts'
import { testMessage, type Message } from './message.ts'
import { nextAttempt } from './schedule.ts'
import { send, type Parcel } from './send.ts'
import { signed } from './sign.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'

/** Of one webhook that are on their way at the same time. Each has its own, so that none waits for another's receiver. */
const AT_ONCE = 4

export interface OutboxParts {
  store: Pick<OutboxReader, 'due' | 'dueDeliveries'>
  writer: Pick<OutboxWriter, 'settleDeliveries' | 'disableWebhook'>
  guard: Guard
  clock: () => Instant
  /** From 0 to 1. */
  chance: () => number
  /** How people reach the collector, for links to leads. */
  publicUrl: () => string
  /** Told what the operator should know; never of whom a message tells. */
  log: (fault: unknown) => void
  /** Told how every attempt ended. */
  observe: (result: DeliveryResult) => void
  /** For one attempt. */
  timeLimit: Duration
  /** How long `close` waits for what is on its way. */
  grace: Duration
}

export const DELIVERY_RESULTS = ['delivered', 'failed', 'dead'] as const
/** `failed`: it will be tried again; `dead`: it was the last time. */
export type DeliveryResult = (typeof DELIVERY_RESULTS)[number]

/** What others are told goes out: claim → sign → send → settle, or back off. */
export interface Outbox {
  /** Sends what is due, as far as its webhooks have room. Resolves when it is on its way, not when it has arrived. */
  round(): Promise<void>
  /** Sends a test at once, whether the webhook is enabled or not, and says what came of it. */
  test(webhook: Webhook, id: string): Promise<Attempt>
  /** Takes up nothing more. What is not settled when it resolves is sent again by the next collector, under the same id. */
  close(): Promise<void>
}

/** A webhook's own queue. */
interface Lane {
  /** Places of what is on its way, or not yet settled. */
  onTheirWay: Set<number>
  /** The receiver has asked to be left alone. */
  pausedUntil: Instant
}

export function createOutbox(parts: OutboxParts): Outbox {
  const { store, writer, guard, clock, publicUrl, log, observe } = parts
  const lanes = new Map<string, Lane>()
  const attempts = new Set<Promise<void>>()
  const closing = new AbortController()
  let settled: (Settlement & { lane: Lane })[] = []
  let settling: Promise<void> | null = null
  let going: Promise<void> | null = null
  let isAskedAgain = false
  let isClosed = false

  const laneOf = (webhook: string): Lane => {
    const lane = lanes.get(webhook) ?? { onTheirWay: new Set(), pausedUntil: 0 }
    lanes.set(webhook, lane)
    return lane
  }

  async function claim(): Promise<void> {
    if (isClosed) return
    const now = clock()
    const due = await store.due(now)
    for (const [id, { onTheirWay, pausedUntil }] of lanes) {
      if (onTheirWay.size === 0 && pausedUntil <= now && !due.some(webhook => webhook.id === id)) lanes.delete(id)
    }
    for (const webhook of due) {
      const lane = laneOf(webhook.id)
      const room = AT_ONCE - lane.onTheirWay.size
      if (room <= 0 || lane.pausedUntil > now) continue
      const found = await store.dueDeliveries(webhook.id, now, room, [...lane.onTheirWay])
      for (const delivery of found) {
        lane.onTheirWay.add(delivery.place)
        const attempt = deliver(webhook, lane, delivery).finally(() => attempts.delete(attempt))
        attempts.add(attempt)
      }
    }
  }

  function round(): Promise<void> {
    if (going) isAskedAgain = true
    going ??= (async () => {
      try {
        do {
          isAskedAgain = false
          await claim()
        } while (isAskedAgain)
        if (settled.length > 0) settle()
      } catch (error) {
        log(error)
      } finally {
        going = null
      }
    })()
    return going
  }

  /** A message as its receiver is to get it. */
  function parcel({ kind, url, ...webhook }: Webhook, id: string, body: string, now: Instant): Parcel {
    if (kind === 'webhook') return { url, body, headers: signed(webhook, id, body, now) }
    return { url, headers: {}, body: JSON.stringify(CHATS[kind](chatOf(JSON.parse(body) as Message, publicUrl()))) }
  }

  async function deliver(webhook: Webhook, lane: Lane, { place, id, body, tries }: Delivery): Promise<void> {
    const at = clock()
    const signal = closing.signal
    let answer: Awaited<ReturnType<typeof send>>
    try {
      answer = await send(parcel(webhook, id, body, at), { guard, timeLimit: parts.timeLimit, now: at, signal })
    } catch (error) {
      if (signal.aborted) return // as though it had never begun
      answer = { status: null, error: `internal error: ${(error as Error).message}`, retryAfter: null }
      log(error)
    }
    const { status, error, retryAfter } = answer
    const now = clock()
    const isGone = status === 410
    const nextAt = error === null || isGone ? null : nextAttempt(tries + 1, now, parts.chance(), retryAfter)
    if (status === 429 || status === 503) lane.pausedUntil = Math.max(lane.pausedUntil, now + (retryAfter ?? 0))
    observe(error === null ? 'delivered' : nextAt === null ? 'dead' : 'failed')
    if (isGone) {
      log(`Webhook ${webhook.id} is disabled: its receiver answered 410 (gone).`)
      await writer.disableWebhook(webhook.id, 'its receiver answered 410 (gone)', now).catch(log)
    } else if (error !== null && nextAt === null) {
      log(`Webhook ${webhook.id}: ${id} is given up after ${tries + 1} attempts; the last one: ${error}.`)
    }
    settled.push({ place, attempt: { at, status, error, took: now - at }, nextAt, lane })
    settle()
  }

  /** Whatever has ended while the last ones were written is written together. What cannot be written stays on its way. */
  function settle(): void {
    settling ??= (async () => {
      while (settled.length > 0) {
        const ended = settled
        settled = []
        try {
          await writer.settleDeliveries(ended.map(({ place, attempt, nextAt }) => ({ place, attempt, nextAt })))
        } catch (error) {
          settled = [...ended, ...settled]
          log(error)
          break // the next round tries again
        }
        const hadNoRoom = ended.some(({ lane }) => lane.onTheirWay.size >= AT_ONCE)
        for (const { lane, place } of ended) lane.onTheirWay.delete(place)
        if (hadNoRoom) void round() // more may have been waiting for it
      }
      settling = null
    })()
  }

  return {
    round,

    async test(webhook, id) {
      const at = clock()
      const body = JSON.stringify(testMessage(at))
      const signal = closing.signal
      const { status, error } = await send(parcel(webhook, id, body, at), {
        guard,
        timeLimit: parts.timeLimit,
        now: at,
        signal,
      })
      return { at, status, error, took: clock() - at }
    },

    async close() {
      isClosed = true
      const timer = setTimeout(() => closing.abort(), parts.grace)
      await going
      await Promise.all(attempts)
      clearTimeout(timer)
      await settling
    },
  }
}

const CHATS: Record<Exclude<WebhookKind, 'webhook'>, (chat: Chat) => object> = { slack, teams, discord }
