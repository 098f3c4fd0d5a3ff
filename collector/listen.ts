import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { serve } from '@hono/node-server'
import { SECOND } from '../shared/instant.ts'
import { Refusal } from '../shared/refusal.ts'

/** A port that is listened on. */
export interface Listener {
  port: number
  /** Takes no more connections, answers every request that has arrived whole, and lets go of clients that stall. */
  close(): Promise<void>
}

/** Slow and stalled clients are let go; the checking interval is what makes the header limit take effect in time. */
export const LIMITS = {
  headersTimeout: 10 * SECOND,
  requestTimeout: 30 * SECOND,
  connectionsCheckingInterval: 2 * SECOND,
}

/** How long a closing listener waits for requests that are still arriving. */
const GRACE = 2 * SECOND

/** Resolves when the port is open; a refusal when it is taken. Port 0 takes a free one. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host }: { port: number; host: string },
): Promise<Listener> {
  const server = serve({ fetch, port, hostname: host, serverOptions: LIMITS }) as Server
  const opened = Promise.withResolvers<void>()
  server.once('listening', opened.resolve)
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = new Refusal('conflict', `Port ${port} of ${host} is taken. Choose another with --port.`)
    opened.reject(error.code === 'EADDRINUSE' ? taken : error)
  })
  const close = closer(server)
  await opened.promise
  return { port: (server.address() as AddressInfo).port, close }
}

/** Node closes idle connections by itself, but neither those that stall nor those that never fall idle. */
function closer(server: Server): () => Promise<void> {
  const connections = new Map<Socket, { request: IncomingMessage; response: ServerResponse } | null>()
  let closing = false
  const keepsWaiting = ({ request, response }: { request: IncomingMessage; response: ServerResponse }) =>
    request.complete && !response.headersSent

  server.on('connection', (socket: Socket) => {
    connections.set(socket, null)
    socket.once('close', () => connections.delete(socket))
  })
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (closing) response.setHeader('Connection', 'close')
    connections.set(request.socket, { request, response })
    response.once('close', () => {
      if (connections.has(request.socket)) connections.set(request.socket, null)
    })
  })

  return () =>
    new Promise(resolve => {
      closing = true
      for (const exchange of connections.values()) {
        if (exchange && !exchange.response.headersSent) exchange.response.setHeader('Connection', 'close')
      }
      const deadline = setTimeout(() => {
        for (const [socket, exchange] of connections) if (!exchange || !keepsWaiting(exchange)) socket.destroy()
      }, GRACE)
      server.close(() => {
        clearTimeout(deadline)
        resolve()
      })
    })
}
