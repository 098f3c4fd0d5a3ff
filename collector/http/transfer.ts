import type { Context } from 'hono'
import * as v from 'valibot'
import { Refusal } from '../../shared/refusal.ts'
import { decodeLines, inParts, NO_PROGRESS, type Reject } from '../ingest/import.ts'
import { lineView } from '../ingest/own-line.ts'
import { ndjsonLines, START } from '../ingest/source.ts'
import type { Verbs } from '../ingest/writer.ts'
import type { Store } from '../store/store.ts'
import { siteKey } from './access.ts'
import { route, type Route } from './route.ts'

/** Of those that were not taken, listed in the answer; the rest is counted by reason. */
const LISTED = 1_000
const JUDGED_AT_ONCE = 200

const summaryShape = v.object({
  lines: v.number(),
  stored: v.number(),
  duplicate: v.number(),
  rejected: v.number(),
  reasons: v.record(v.string(), v.number()),
  rejects: v.array(v.object({ line: v.number(), reason: v.string() })),
})

interface TransferParts {
  store: Store
  writer: Verbs
  clock: () => number
}

/** `POST /v1/import` and `GET /v1/export`: NDJSON, a line for each event, person, transition, outcome and model. */
export const transfer = ({ store, writer, clock }: TransferParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/import',
    access: siteKey('admin'),
    summary: 'Takes NDJSON while it arrives; lines that were taken before are duplicates, so a part can be sent again',
    answer: summaryShape,
    async run({ site, c }) {
      if (c.req.header('Content-Encoding') !== undefined)
        throw new Refusal('unsupported_encoding', 'An import is sent as it is: NDJSON in UTF-8.')
      let progress = NO_PROGRESS
      const rejects: Reject[] = []
      for await (const part of inParts(ndjsonLines(bodyOf(c), START))) {
        const now = clock()
        const { lines, outcome } = decodeLines(part, now)
        const became = outcome(await writer.take(site, lines, now), progress)
        progress = became.progress
        rejects.push(...became.rejects.slice(0, LISTED - rejects.length))
      }
      while ((await store.postponed()) > 0) await writer.refresh(JUDGED_AT_ONCE, clock())
      const { lines, stored, duplicate, rejected, reasons } = progress
      return { lines, stored, duplicate, rejected, reasons, rejects }
    },
  }),
  route({
    method: 'get',
    path: '/v1/export',
    access: siteKey('admin'),
    summary: 'Everything of a site as NDJSON, as import takes it',
    answer: null,
    run({ site }) {
      const parts = store.lines(site)
      const text = new TextEncoder()
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { done, value } = await parts[Symbol.asyncIterator]().next()
          if (done) return controller.close()
          controller.enqueue(text.encode(value.map(line => `${JSON.stringify(lineView(line))}\n`).join('')))
        },
        async cancel() {
          await parts[Symbol.asyncIterator]().return?.()
        },
      })
      return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' } })
    },
  }),
]

async function* bodyOf(c: Context): AsyncGenerator<Uint8Array> {
  yield* c.req.raw.body ?? []
}
