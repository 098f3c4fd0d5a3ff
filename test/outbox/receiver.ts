import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as Verifier } from 'standardwebhooks'

export interface Received {
  headers: IncomingHttpHeaders
  /** `webhook-id` */
  id: string
  body: string
  at: number
}

export interface Receiver {
  url: string
  received: Received[]
  /** How it answers from now on: a status, or whatever it is given does. Default: 204. */
  answer: (how: number | ((response: ServerResponse) => void)) => void
  /** Resolves when so many have arrived. */
  arrived: (count: number) => Promise<Received[]>
  close: () => Promise<void>
}

/** A real receiver on a free port of the loopback. */
export async function receiver(now: () => number = Date.now): Promise<Receiver> {
  const received: Received[] = []
  let waiting: { count: number; resolve: (all: Received[]) => void }[] = []
  let how: number | ((response: ServerResponse) => void) = 204
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { headers } = request
      received.push({ headers, id: String(headers['webhook-id']), body: Buffer.concat(chunks).toString(), at: now() })
      if (typeof how === 'number') response.writeHead(how).end()
      else how(response)
      for (const wait of waiting) if (received.length >= wait.count) wait.resolve(received)
      waiting = waiting.filter(({ count }) => received.length < count)
    })
  }
  const server: Server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: given => void (how = given),
    arrived: count =>
      received.length >= count ? Promise.resolve(received) : new Promise(resolve => waiting.push({ count, resolve })),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface Told {
  type: string
  timestamp: string
  data: Record<string, unknown>
}

/** What the official verifier makes of a delivery; it throws for a signature that is not right. */
export const verified = ({ headers, body }: Received, secret: string): Told =>
  new Verifier(secret).verify(body, headers as Record<string, string>) as Told
