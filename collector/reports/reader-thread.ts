import { workerData } from 'node:worker_threads'
import type { Instant } from '../../shared/instant.ts'
import { openReader } from '../store/open.ts'
import { serveThread } from '../store/thread.ts'
import { backtest, type BacktestOptions } from './backtest.ts'
import type { ModelQuestion, RulesQuestion } from './reader.ts'
import { rulesReport } from './rules.ts'
import { suggest, type SuggestOptions } from './suggest.ts'
import { zone } from './zone.ts'

const store = await openReader(workerData as string)

serveThread(async ({ verb, given }, onProgress) => {
  if (verb === 'rules') return rules(...(given as [RulesQuestion, Instant]))
  if (verb === 'backtest') {
    const [question, options] = given as [ModelQuestion, BacktestOptions]
    return backtest(store, question.site, await find(question), options, onProgress)
  }
  if (verb === 'suggest') {
    const [question, options] = given as [ModelQuestion, SuggestOptions]
    return suggest(store, question.site, await find(question), options, onProgress)
  }
  return (store[verb as keyof typeof store] as (...given: unknown[]) => Promise<unknown>)(...given)
})

const rules = async ({ site, version, span, tz, most }: RulesQuestion, now: Instant) =>
  rulesReport(store, site, await find({ site, version }), span, zone(tz), now, most)

async function find({ site, version }: ModelQuestion) {
  const model = await store.modelVersion(site, version)
  if (model) return model
  throw new Error(`There is no version ${version} of the model of site ${site}.`)
}
