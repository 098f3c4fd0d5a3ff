import type { Decision, Transition } from '../../../shared/stage.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import type { Connection } from './open.ts'
import { fromBytes, toBytes } from './uuid.ts'

/** Steps through the stages; a person's are those of every id that is theirs. */
export function transitionLog(connection: Connection) {
  const add = connection.prepare(
    `INSERT INTO transitions (site_id, person_id, "from", "to", at, effective_at, actor, cause, event, model, score,
       reason, note, quiet, explanation)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const all = connection.prepare(
    `SELECT "from", "to", at, effective_at AS effectiveAt, actor, cause, event, model, score, reason, note, quiet,
       explanation
     FROM transitions WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} ORDER BY id`,
  )
  const decisions = connection
    .prepare(
      `SELECT count(*) FROM transitions
       WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} AND cause = 'manual'`,
    )
    .pluck()

  const byHand = connection.prepare(
    `SELECT "to", at FROM transitions
     WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} AND cause = 'manual' ORDER BY at, id`,
  )

  return {
    add(site: number, person: string, step: Transition): void {
      const { from, to, at, effectiveAt, actor, cause, event, model, score, reason, note, quiet, explanation } = step
      add.run(
        site,
        person,
        from,
        to,
        at,
        effectiveAt,
        actor,
        cause,
        event === null ? null : toBytes(event),
        model,
        score,
        reason ?? null,
        note ?? null,
        quiet ? 1 : 0,
        explanation ? JSON.stringify(explanation) : null,
      )
    },

    /** What somebody decided about a person, in order. */
    decisions: (site: number, person: string): Decision[] => byHand.all({ site, person }) as Decision[],

    of: (site: number, person: string): Transition[] => all.all({ site, person }).map(readTransition),

    /** Whether anybody ever decided about the person's stage. */
    decided: (site: number, person: string): boolean => (decisions.get({ site, person }) as number) > 0,
  }
}

export type TransitionLog = ReturnType<typeof transitionLog>

type Row = Omit<Transition, 'event' | 'quiet' | 'explanation'> & {
  event: Buffer | null
  quiet: number
  explanation: string | null
}

export function readTransition(value: unknown): Transition {
  const { event, quiet, explanation, ...step } = value as Row
  return {
    ...step,
    event: event && fromBytes(event),
    quiet: quiet === 1,
    explanation: explanation === null ? null : JSON.parse(explanation),
  }
}
