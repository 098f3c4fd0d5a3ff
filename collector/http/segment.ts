import type { BatchResult } from '../../shared/batch.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Client } from '../ingest/ingest.ts'
import { CALLS, readSegment, type Call } from '../ingest/segment.ts'
import { anyone, senders } from './access.ts'
import { readBody } from './body.ts'
import { CORS, originOf, summary, taker, type CollectParts } from './collect.ts'
import { problem } from './problem.ts'
import { route, type Route } from './route.ts'

const PREFLIGHT = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'POST, GET',
  'Access-Control-Allow-Headers': 'content-type, authorization, content-encoding, x-retry-count',
  'Access-Control-Max-Age': '86400',
}

const WHAT: Record<Call | 'batch', string> = {
  track: 'an event',
  page: 'a page view',
  screen: 'a screen of an app',
  identify: 'who somebody is',
  group: 'the company somebody belongs to',
  alias: 'two ids of one person',
  batch: 'a batch of calls',
}

/**
 * Segment's HTTP API: `POST /v1/track` and its like, through the same door as `/e`. The key comes by Basic
 * authentication, as a bearer or in the body; a secret one is a server's, the public write key a page's or an app's.
 *
 * Segment's own script says only the first letter of a call.
 */
export function segment({ publicUrl, ...parts }: CollectParts & { publicUrl: string | null }): Route[] {
  const { auth, log } = parts
  const take = taker(parts)

  const receive = (path: string, call: Call | 'batch', about: string | null): Route =>
    route({
      method: 'post',
      path: `/v1/${path}`,
      access: senders,
      summary: about,
      query: 'any',
      answer: null,
      async run({ c }) {
        const named = keyOf(c.req.header('Authorization'))
        const { keyBySecret } = auth
        const secret = async () => (named?.startsWith('sk_') ? keyBySecret(named) : null)
        const client: Client = {
          key: named,
          keyBySecret,
          read: (body, receivedAt) => readSegment(body, call, receivedAt),
        }
        return take(c, { origin: originOf(c), secret, read: readBody, client }, kept => acknowledge(kept.result, log))
      },
    })
  const preflight = (path: string): Route =>
    route({
      method: 'options',
      path: `/v1/${path}`,
      access: anyone,
      summary: null,
      query: 'any',
      answer: null,
      run: () => new Response(null, { status: 204, headers: PREFLIGHT }),
    })
  const calls = [...CALLS, 'batch' as const]
  const letters = calls.map(call => [call[0]!, call] as const)
  return [
    ...calls.map(call => receive(call, call, `Takes ${WHAT[call]}, as Segment's clients send it`)),
    ...letters.map(([letter, call]) => receive(letter, call, null)),
    ...[...calls, ...letters.map(([letter]) => letter)].map(preflight),
    route({
      method: 'get',
      path: '/v1/projects/:key/settings',
      access: anyone,
      summary: "Leads Segment's script for browsers here",
      query: 'any',
      answer: null,
      run: ({ c, params }) => c.json(settings(params.key, new URL(publicUrl ?? c.req.url)), 200, CORS),
    }),
  ]
}

/** `Basic` of the key and an empty password, or `Bearer`. */
function keyOf(header: string | undefined): string | null {
  const [, scheme, given] = /^(Basic|Bearer) +(\S+)$/i.exec(header ?? '') ?? []
  if (scheme === undefined || given === undefined) return null
  if (scheme.toLowerCase() === 'bearer') return given
  return Buffer.from(given, 'base64').toString().split(':')[0] || null
}

/** Never a success for what was not kept. The rest was: to send all of it again is harmless, and helps nothing. */
function acknowledge(result: BatchResult, log: (error: unknown) => void): Response {
  const headers = { ...CORS, 'leadlight-result': summary(result) }
  const { dropped } = result
  if (dropped.length === 0) return Response.json({ success: true }, { headers })
  const refusal = new Refusal(
    'too_large',
    'An event holds at most 32 KiB. Those that hold more were not kept; any others of the batch were.',
    dropped.map(({ index }) => ({ pointer: `/batch/${index}`, detail: 'is larger than 32 KiB' })),
  )
  return problem(refusal, log, headers)
}

/** What Segment's script asks its server first: where to send, and to send nothing elsewhere. */
function settings(writeKey: string, { host, protocol, pathname }: URL) {
  const apiHost = `${host}${pathname.replace(/\/(?:v1\/projects\/.*)?$/, '')}/v1`
  return {
    integrations: {
      'Segment.io': { apiKey: writeKey, apiHost, protocol: protocol.replace(':', ''), addBundledMetadata: false },
    },
    metrics: { sampleRate: 0 },
    plan: {},
    edgeFunction: {},
  }
}
