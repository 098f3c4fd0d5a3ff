import { MINUTE, type Instant } from './instant.ts'
import type { Profile, Verdict } from './person.ts'
import { isFurther, type Transition } from './stage.ts'
import type { MessageType } from './webhook.ts'

/** What of a person is held against what they were before. */
export type Outlook = Pick<Profile, 'labels' | 'candidateSince' | 'coolsAt'>

/** Something that others want to be told. */
export interface News {
  type: MessageType
  /** The step that it tells of. */
  step?: Transition
  /** What time has taken: whether the score is under the threshold of the stage, and the labels that are put off. */
  cooled?: { threshold: boolean; labels: string[] }
}

export interface Happening {
  before: Outlook
  verdict: Verdict
  steps: readonly Transition[]
  now: Instant
  /** Nothing happened but that time passed. */
  timeAlone: boolean
  /** The history is another one than before, and may not be held against what was. */
  refolded: boolean
}

/** What is news of a person who was judged. What was only seen differently, and did not happen, is none. */
export function newsOf(happening: Happening): News[] {
  const { before, verdict, steps } = happening
  const news = steps.filter(step => !step.quiet).flatMap(ofStep)
  const { candidateSince } = verdict.profile
  if (before.candidateSince === null && candidateSince !== null) news.push({ type: 'lead.sql_candidate' })
  const cooled = steps.length === 0 ? cooledOf(happening) : null
  if (cooled) news.push({ type: 'lead.cooled', cooled })
  return news
}

function ofStep(step: Transition): News[] {
  const { from, to } = step
  const isCreated = !isFurther(from, 'subscriber') && isFurther(to, 'subscriber') && isFurther(to, from)
  return [
    ...(isCreated ? [{ type: 'lead.created' as const, step }] : []),
    ...(to === 'mql' ? [{ type: 'lead.mql' as const, step }] : []),
    { type: 'lead.stage_changed', step },
  ]
}

/** Of somebody who has not come as far as a lead, nobody need know. */
function cooledOf({ before, verdict, now, timeAlone, refolded }: Happening): News['cooled'] | null {
  const { standing, profile } = verdict
  if (refolded || !isFurther(standing.stage, 'subscriber')) return null
  // It is a full minute: the score is under the threshold at some moment of the one before.
  const isTime = before.coolsAt !== null && before.coolsAt - MINUTE < now
  const isUnder = profile.coolsAt === null || (timeAlone && (before.coolsAt ?? Infinity) <= now)
  const threshold = isTime && isUnder
  const labels = before.labels.filter(label => !profile.labels.includes(label))
  return threshold || labels.length > 0 ? { threshold, labels } : null
}
