import type { Instant } from '../../../shared/instant.ts'
import type { ProfilingStop } from '../../../shared/person.ts'
import { IDS_OF_PERSON } from './former-ids.ts'
import type { Connection } from './open.ts'

/** Who may not be scored. A stop belongs to the id that it was said for, and holds for whomever that id belongs to. */
export function profilingStopBook(connection: Connection) {
  const find = connection.prepare(
    `SELECT at, reason FROM profiling_stops
     WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} ORDER BY at, reason DESC LIMIT 1`,
  )
  const add = connection.prepare(
    `INSERT INTO profiling_stops (site_id, person_id, at, reason, said_at, actor) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET said_at = max(said_at, excluded.said_at)`,
  )
  const lift = connection.prepare(`DELETE FROM profiling_stops WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON}`)
  const consent = connection.prepare(
    `DELETE FROM profiling_stops WHERE site_id = ? AND person_id = ? AND reason = 'consent_withdrawn' AND said_at < ?`,
  )

  const newcomer = connection.prepare(
    `DELETE FROM profiling_stops WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON}
     AND reason = 'consent_withdrawn' AND at < @since AND said_at < @saidAt`,
  )

  return {
    /** The first stop that holds for a person. */
    of: (site: number, person: string): ProfilingStop | null =>
      (find.get({ site, person }) as ProfilingStop | undefined) ?? null,

    add: (site: number, id: string, { at, reason }: ProfilingStop, saidAt: Instant, actor: string): void =>
      void add.run(site, id, at, reason, saidAt, actor),

    /** Takes all of a person's back. */
    lift: (site: number, person: string): void => void lift.run({ site, person }),

    /** So does that of a browser that joins the person, and was first heard of (`since`) after the withdrawal. Whether it did. */
    consentOf: (site: number, person: string, since: Instant, saidAt: Instant): boolean =>
      newcomer.run({ site, person, since, saidAt }).changes > 0,

    /** A consent given after a withdrawal for the same id outweighs it. Whether it did. */
    consent: (site: number, id: string, saidAt: Instant): boolean => consent.run(site, id, saidAt).changes > 0,
  }
}

export type ProfilingStopBook = ReturnType<typeof profilingStopBook>
