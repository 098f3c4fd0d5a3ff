import { workerData } from 'node:worker_threads'
import type { Instant } from '../../shared/instant.ts'
import { openReader } from '../store/open.ts'
import { serveThread } from '../store/thread.ts'
import type { RulesQuestion } from './reader.ts'
import { rulesReport } from './rules.ts'
import { zone } from './zone.ts'

const store = await openReader(workerData as string)

serveThread(async ({ verb, given }) => {
  if (verb === 'rules') return rules(...(given as [RulesQuestion, Instant]))
  return (store[verb as keyof typeof store] as (...given: unknown[]) => Promise<unknown>)(...given)
})

async function rules({ site, version, span, tz }: RulesQuestion, now: Instant) {
  const model = await store.modelVersion(site, version)
  if (!model) throw new Error(`There is no version ${version} of the model of site ${site}.`)
  return rulesReport(store, site, model, span, zone(tz), now)
}
