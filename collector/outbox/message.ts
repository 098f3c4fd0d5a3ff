import type { Instant } from '../../shared/instant.ts'
import { leadView } from '../../shared/lead-view.ts'
import type { News } from '../../shared/news.ts'
import type { Stage } from '../../shared/stage.ts'
import { utc } from '../../shared/utc.ts'
import type { MessageType } from '../../shared/webhook.ts'

/** What is sent to say that a webhook works. */
export const TEST_TYPE = 'webhook.test'

/** A message as programs get it. */
export interface Message {
  type: MessageType | typeof TEST_TYPE
  /** RFC 3339, UTC: when it happened. */
  timestamp: string
  data: ReturnType<typeof leadView> & {
    transition?: { from: Stage; to: Stage; reason: string | null; note: string | null }
    cooled?: News['cooled']
  }
}

/** Nobody: what a test shows. */
export function testMessage(now: Instant): Message {
  const touch = { at: now, source: 'newsletter', medium: 'email' }
  const trait = (value: string) => ({ value, at: now, provenance: 'server' as const })
  const lead = leadView(
    {
      id: '00000000-0000-7000-8000-000000000000',
      stage: 'mql',
      stageSince: now,
      recycledAt: null,
      profilingStopped: null,
      score: 62,
      engagement: 42,
      fit: 20,
      grade: 'B3',
      traits: { email: trait('ada@example.com'), name: trait('Ada Example'), company: trait('Example Ltd') },
      firstTouch: touch,
      lastTouch: touch,
      firstSeen: now,
      lastSeen: now,
      visits: 3,
      engagedMs: 240_000,
      coolsAt: null,
      topReasons: [
        { rule: 'cart', points: 40 },
        { rule: 'visit', points: 2 },
      ],
      labels: [],
      candidateSince: null,
      manualScore: null,
      model: 1,
      scoredAt: now,
    },
    now,
  )
  return { type: TEST_TYPE, timestamp: utc(now), data: lead }
}
