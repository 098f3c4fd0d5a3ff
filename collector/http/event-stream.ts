import { SECOND } from '../../shared/instant.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { Live } from '../ingest/live.ts'
import type { Store } from '../store/store.ts'

/** Events that wait for a slow reader; of more, the oldest are left out and counted. */
const MAX_WAITING = 200
/** So often something is sent, that proxies keep the line open. */
const HEARTBEAT = 15 * SECOND

export interface LiveParts {
  store: Pick<Store, 'leadByVisitor'>
  live: Pick<Live, 'listen'>
}

/**
 * A site's events as they are stored, as server-sent events: `event: event` with what `view` makes of it and of whose it
 * is (`null`: of nobody who is known yet); `event: missed` says how many a slow reader did not get.
 */
export function eventStream(
  { store, live: hub }: LiveParts,
  site: number,
  view: (event: StoredEvent, lead: string | null) => object,
): Response {
  const encoder = new TextEncoder()
  let waiting: string[] = []
  let missed = 0
  let wake = (): void => {}
  const line = { isOver: false }
  const end = (): void => {
    line.isOver = true
    wake()
  }
  const stop = hub.listen(
    site,
    (visitor, event) => {
      void (async () => {
        const lead = (await store.leadByVisitor(site, visitor))?.id ?? null
        const { rawAt: _, user: __, ...facts } = event
        waiting.push(frame('event', view({ ...facts, visitor }, lead)))
        if (waiting.length > MAX_WAITING) missed += waiting.splice(0, waiting.length - MAX_WAITING).length
        wake()
      })()
    },
    end,
  )
  const heart = setInterval(() => {
    if (waiting.length === 0) waiting.push(': still here\n\n')
    wake()
  }, HEARTBEAT).unref()
  const finish = (): void => {
    clearInterval(heart)
    stop()
  }
  const body = new ReadableStream<Uint8Array>(
    {
      start: controller => controller.enqueue(encoder.encode('retry: 3000\n\n')),
      async pull(controller) {
        while (waiting.length === 0 && !line.isOver) await new Promise<void>(resolve => (wake = resolve))
        if (line.isOver) {
          finish()
          return controller.close()
        }
        const text = (missed > 0 ? frame('missed', { count: missed }) : '') + waiting.join('')
        waiting = []
        missed = 0
        controller.enqueue(encoder.encode(text))
      },
      cancel: () => {
        end()
        finish()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  })
}

const frame = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
