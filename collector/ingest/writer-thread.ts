import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '../../shared/refusal.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { engine } from '../scoring/engine.ts'
import { openRecorder } from '../store/open.ts'
import { recordIsolated } from './isolate.ts'
import type { Answer, Ask, Reply, Request, Told } from './writer.ts'

const store = await openRecorder(workerData as string, {
  newId: () => uuidv7(Date.now(), randomBytes(10)),
  onTold: () => parentPort?.postMessage({ told: true } satisfies Told),
})

const reply = (given: Reply): void => parentPort?.postMessage(given)

parentPort?.on('message', ({ number, request }: Ask) => {
  void answer(request)
    .catch((error: unknown): Answer => {
      // A damaged file gets worse with every write: the thread ends, and the collector with it.
      if (error instanceof Refusal && error.code === 'unprocessable') throw error
      if (error instanceof Refusal) {
        const { code, message, errors } = error
        return { refused: { code, message, errors } }
      }
      return { failed: error instanceof Error ? error.message : String(error) }
    })
    .then(given => reply({ number, answer: given }))
})
reply({ number: 0, answer: { value: 'open' } })

async function answer(request: Request): Promise<Answer> {
  if (request.verb === 'record') {
    const { arrivals, now } = request
    return { outcomes: await recordIsolated(arrivals, some => store.record(some, now, engine)) }
  }
  if (request.verb === 'close') return { value: await store.close() }
  const verb = store[request.verb] as (...given: unknown[]) => Promise<unknown>
  return { value: await verb(...request.given, engine) }
}
