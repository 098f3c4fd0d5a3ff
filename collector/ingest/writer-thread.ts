import { randomBytes } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { uuidv7 } from '../../shared/uuid.ts'
import { engine } from '../scoring/engine.ts'
import { openRecorder } from '../store/open.ts'
import type { Arrival } from '../store/store.ts'
import { serveThread, tell, type Request } from '../store/thread.ts'
import { recordIsolated } from './isolate.ts'
import type { Verb } from './writer.ts'

const store = await openRecorder(workerData as string, {
  newId: () => uuidv7(Date.now(), randomBytes(10)),
  onTold: tell,
})

serveThread(answer)

async function answer(request: Request): Promise<unknown> {
  if (request.verb === 'record') {
    const [arrivals, now] = request.given as [Arrival[], number]
    return recordIsolated(arrivals, some => store.record(some, now, engine))
  }
  if (request.verb === 'close') return store.close()
  const verb = store[request.verb as Verb] as (...given: unknown[]) => Promise<unknown>
  return verb(...request.given, engine)
}
