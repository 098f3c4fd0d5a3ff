import { leadView } from '../../../shared/lead-view.ts'
import type { Instant } from '../../../shared/instant.ts'
import { newsOf, type Happening, type News } from '../../../shared/news.ts'
import type { ManualScore, Verdict } from '../../../shared/person.ts'
import type { Transition } from '../../../shared/stage.ts'
import { utc } from '../../../shared/utc.ts'
import type { MessageType } from '../../../shared/webhook.ts'
import { MANUAL_SCORE } from './manual-score.ts'
import type { Connection } from './open.ts'

interface Subscriber {
  id: string
  events: MessageType[]
}

/**
 * Writes what others are to be told into the outbox, in the transaction of what it tells. Nobody subscribed: nothing is
 * worked out, nothing read.
 */
export function newsDesk(connection: Connection, newId: () => string) {
  const subscribers = connection.prepare('SELECT id, events FROM webhooks WHERE site_id = ? AND disabled_at IS NULL')
  const add = connection.prepare(
    `INSERT INTO deliveries (site_id, webhook_id, person_id, id, type, body, created_at, state, next_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?)`,
  )
  const manual = connection.prepare(MANUAL_SCORE)
  const known = new Map<number, Subscriber[]>()
  let isTold = false

  const subscribersOf = (site: number): Subscriber[] => {
    const found = known.get(site)
    if (found) return found
    const rows = subscribers.all(site) as { id: string; events: string }[]
    const fresh = rows.map(({ id, events }) => ({ id, events: JSON.parse(events) as MessageType[] }))
    known.set(site, fresh)
    return fresh
  }

  return {
    tell(site: number, person: string, model: number, happening: Happening): void {
      const listening = subscribersOf(site)
      if (listening.length === 0) return
      const { verdict, now } = happening
      for (const item of newsOf(happening)) {
        const interested = listening.filter(({ events }) => events.includes(item.type))
        if (interested.length === 0) continue
        const manualScore = (manual.get({ site, person }) as ManualScore | undefined) ?? null
        const body = bodyOf(item, { person, model, verdict, manualScore, now })
        const id = `msg_${newId().replaceAll('-', '')}`
        for (const webhook of interested) add.run(site, webhook.id, person, id, item.type, body, now, now)
        isTold = true
      }
    },

    /** Whether anything was written since this was last asked. */
    told(): boolean {
      const was = isTold
      isTold = false
      return was
    },

    forget(): void {
      known.clear()
      isTold = false
    },
  }
}

export type NewsDesk = ReturnType<typeof newsDesk>

interface Told {
  person: string
  model: number
  verdict: Verdict
  manualScore: ManualScore | null
  now: Instant
}

/** The lead as the API gives it at that moment; on the way to a further stage, at the one that the step led to. */
function bodyOf({ type, step, cooled }: News, { person, model, verdict, manualScore, now }: Told): string {
  const { standing, profile } = verdict
  const { stage, stageSince } = step ? { stage: step.to, stageSince: step.effectiveAt } : standing
  const { recycledAt = null, profilingStopped = null } = standing
  const facts = { id: person, stage, stageSince, recycledAt, profilingStopped, model, scoredAt: now, manualScore }
  const lead = leadView({ ...profile, ...facts }, now)
  const data = { ...lead, ...(step && { transition: transitionOf(step) }), ...(cooled && { cooled }) }
  return JSON.stringify({ type, timestamp: utc(now), data })
}

function transitionOf({ from, to, at, effectiveAt, actor, cause, event, model, score, reason, note }: Transition) {
  return {
    from,
    to,
    at: utc(at),
    effective_at: utc(effectiveAt),
    actor,
    cause,
    event,
    model,
    score,
    reason: reason ?? null,
    note: note ?? null,
  }
}
