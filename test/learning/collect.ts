import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../collector/config.ts'
import { startCollector } from '../../collector/main.ts'
import { addKey } from '../../collector/http/site.ts'
import { openStore } from '../../collector/store/open.ts'
import type { Model } from '../../shared/model.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { eventsOf, type Session } from './sessions.ts'

const ADMIN = 'sk_shoppers_0123456789abcdef'
const AT_ONCE = 8
const BATCH = 500

type Progress = (done: number, total: number) => void

/** A real collector on a free port, asked and told over HTTP alone. */
export async function startShop() {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-shoppers-'))
  const url = `file:${folder}/shoppers.db`
  const config = readConfig({}, { '--port': '0', '--database-url': url, '--admin-key': ADMIN })
  const failures: unknown[] = []
  const note = (failure: unknown) => void failures.push(failure)
  const collector = await startCollector(config, { clock: Date.now, log: note, onFailure: note })
  const store = await openStore(url, { newId: () => uuidv7(Date.now(), new Uint8Array(10)) })
  const { secret } = await addKey(store, collector.site.id, 'ingest', Date.now())
  await store.close()

  const post = async (path: string, body: object, accept = 'application/json', key = ADMIN): Promise<Response> => {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', Accept: accept }
    const answer = await fetch(collector.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }

  return {
    failures,

    /** Sends every visit, in batches with an ingest key; how many events were kept. */
    async send(sessions: readonly Session[], onProgress: Progress): Promise<number> {
      let kept = 0
      let next = 0
      const sendSome = async (): Promise<void> => {
        for (let place = next++; place < sessions.length; place = next++) {
          const events = eventsOf(sessions[place]!, place)
          for (let from = 0; from < events.length; from += BATCH) {
            const visitor = `visit-${sessions[place]!.row}`
            const batch = { v: 1, visitor, sent_at: Date.now(), events: events.slice(from, from + BATCH) }
            const { accepted } = (await (await post('/e', batch, undefined, secret)).json()) as { accepted: number }
            kept += accepted
          }
          onProgress(place + 1, sessions.length)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, sendSome))
      return kept
    },

    /** Keeps a model as a draft; its version. */
    async draft(model: Model): Promise<number> {
      return ((await (await post('/v1/models', model)).json()) as { version: number }).version
    },

    /** Asks for something that takes its time, and hears how far it is. */
    async learn<Answer>(path: string, body: object, onProgress: Progress): Promise<Answer> {
      const lines = (await post(path, body, 'application/x-ndjson')).body!.pipeThrough(new TextDecoderStream())
      let rest = ''
      for await (const chunk of lines) {
        const complete = (rest + chunk).split('\n')
        rest = complete.pop() ?? ''
        for (const line of complete) {
          const told = JSON.parse(line) as { done: number; total: number } | { result: Answer } | { error: string }
          if ('result' in told) return told.result
          if ('error' in told) throw new Error(told.error)
          onProgress(told.done, told.total)
        }
      }
      throw new Error(`${path} ended without a result.`)
    },

    async close(): Promise<void> {
      await collector.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
