import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { uuidv7 } from '../../shared/uuid.ts'
import { judge } from '../scoring/judge.ts'
import { openStore } from '../store/open.ts'
import type { Arrival } from '../store/store.ts'
import type { Outcome } from './group.ts'
import type { Reply, Request } from './writer.ts'

const store = await openStore(workerData as string, { newId: () => uuidv7(Date.now(), randomBytes(10)) })

parentPort?.on('message', (request: Request) => {
  void answer(request)
    .catch((error: unknown): Reply => ({ failed: String(error) }))
    .then(reply => parentPort?.postMessage(reply))
})
parentPort?.postMessage({ ready: true } satisfies Reply)

async function answer(request: Request): Promise<Reply> {
  if (request.verb === 'record') return { outcomes: await record(request.arrivals, request.now) }
  if (request.verb === 'refresh') {
    return { refreshed: await store.refresh(request.before, request.limit, judge, request.now) }
  }
  await store.close()
  return { closed: true }
}

/** One transaction for all; if that fails, one for each, so that a poisonous arrival takes no other with it. */
async function record(arrivals: Arrival[], now: number): Promise<Outcome[]> {
  try {
    const receipts = await store.record(arrivals, judge, now)
    return receipts.map(receipt => ({ receipt }))
  } catch (error) {
    if (arrivals.length === 1)
      return [{ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }]
    const outcomes: Outcome[] = []
    for (const arrival of arrivals) outcomes.push(...(await record([arrival], now)))
    return outcomes
  }
}
