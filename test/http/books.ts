import Database from 'better-sqlite3'
import type { BatchResult } from '../../shared/batch.ts'
import type { Answer } from './connection.ts'

/** What the senders were told, added up. */
export interface Told {
  answers: Map<number, number>
  accepted: number
  duplicate: number
  quarantined: number
  dropped: number
  /** Events that somebody sent, in requests that were answered with 202. */
  sent: number
}

export const nothingTold = (): Told => ({
  answers: new Map(),
  accepted: 0,
  duplicate: 0,
  quarantined: 0,
  dropped: 0,
  sent: 0,
})

export function hear(told: Told, { status, body }: Pick<Answer, 'status' | 'body'>, sent: number): void {
  told.answers.set(status, (told.answers.get(status) ?? 0) + 1)
  if (status !== 202) return
  const result = JSON.parse(body) as BatchResult
  told.sent += sent
  told.accepted += result.accepted
  told.duplicate += result.duplicate
  told.quarantined += result.quarantined
  told.dropped += result.dropped.length
}

/** The numbers of `/metrics`, by name and labels as they are written. */
export async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

/** Where the senders, the database and the metrics do not say the same, to the unit. Empty when the books balance. */
export function imbalances(told: Told, databaseUrl: string, metrics: Map<string, number>): string[] {
  const database = new Database(databaseUrl.replace('file:', ''), { readonly: true })
  const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
  const [events, quarantine] = [count('events'), count('quarantine')]
  database.close()
  const metric = (name: string) => metrics.get(name) ?? 0
  const dropped = [...metrics].filter(([name]) => name.startsWith('leadlight_events_dropped_total'))
  const { accepted, duplicate, quarantined } = told
  const claims: [string, number, number][] = [
    ['sent = accepted + dropped', told.sent, accepted + told.dropped],
    ['accepted = in the database + duplicate', accepted, events + quarantine + duplicate],
    ['quarantined = in the database', quarantined, quarantine],
    ['stored, by the metrics', metric('leadlight_events_total{result="stored"}'), events],
    ['quarantined, by the metrics', metric('leadlight_events_total{result="quarantined"}'), quarantine],
    ['duplicate, by the metrics', metric('leadlight_events_total{result="duplicate"}'), duplicate],
    ['dropped, by the metrics', dropped.reduce((sum, [, value]) => sum + value, 0), told.dropped],
    ['written, by the metrics', metric('leadlight_commit_events_sum'), accepted],
    ...[...told.answers].map(([status, seen]): [string, number, number] => [
      `answers with ${status}`,
      seen,
      metric(`leadlight_batches_total{status="${status}"}`),
    ]),
  ]
  return claims.filter(([, is, should]) => is !== should).map(([claim, is, should]) => `${claim}: ${is}, not ${should}`)
}
