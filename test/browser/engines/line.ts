import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { certificate } from './certificate.ts'

/** What the collector's end of the line saw of one request, before anything read it. */
export interface Request {
  method: string
  /** Path and query. */
  url: string
  headers: NodeJS.Dict<string | string[]>
  body: Buffer
  /** With which status it was answered; 0 while it is not. */
  status: number
}

/** What a collector says that cannot keep events now. */
export const OVERLOADED = {
  status: 503,
  headers: { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after', 'retry-after': '1' },
}

/** What a filter between a browser and a collector says: nothing of CORS, so that the page cannot read it. */
export const FILTERED = { status: 403 }

/** The internet between browsers and a collector: TLS, time, and trouble. */
export interface Line {
  /** `https://127.0.0.1:…`, with a certificate that browsers must be told to accept. */
  origin: string
  /** Milliseconds that a round trip takes; a connection costs one, and TLS another. */
  latency: number
  /** What is wrong: nothing can be reached, or something answers in the collector's place. */
  fault: 'unreachable' | { status: number; headers?: Record<string, string> } | null
  /** Requests that never come in, though their sender is told that they did. */
  loses: ((request: Request) => boolean) | null
  requests: Request[]
  close(): Promise<void>
}

let identity: { key: string; cert: string } | undefined

/** Opens a line to a collector. */
export async function openLine(collector: string): Promise<Line> {
  identity ??= certificate()
  const secure = createSecureServer(identity, (request, response) => void answer(request, response))
  const far = createServer(near => lay(near))
  const sockets = new Set<Socket>()

  function lay(near: Socket): void {
    if (line.fault === 'unreachable') return void near.resetAndDestroy()
    const end = connect((secure.address() as AddressInfo).port, '127.0.0.1')
    for (const socket of [near, end]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        end.destroy()
      })
    }
    // The handshake of TCP itself, of which a listener learns only when it is over.
    delay(near, end, line.latency)
    delay(end, near, 0)
  }

  /** Passes on what comes, half a round trip later, and in order. */
  function delay(from: Socket, to: Socket, first: number): void {
    const opened = Date.now()
    let due = 0
    const pass = (work: () => void) => {
      due = Math.max(due, opened + first + line.latency / 2, Date.now() + line.latency / 2)
      setTimeout(work, Math.max(0, due - Date.now()))
    }
    from.on('data', chunk => pass(() => to.writable && to.write(chunk)))
    from.on('end', () => pass(() => to.end()))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const seen: Request = { method, url, headers, body: Buffer.concat(chunks), status: 0 }
    line.requests.push(seen)
    if (line.fault) {
      if (line.fault === 'unreachable') return void request.socket.destroy()
      seen.status = line.fault.status
      return void response.writeHead(line.fault.status, line.fault.headers).end()
    }
    if (line.loses?.(seen)) {
      seen.status = 202
      return void response.writeHead(202, { 'access-control-allow-origin': '*' }).end('{}')
    }
    const onward = ask(collector + url, { method, headers: { ...headers, host: new URL(collector).host } }, reply => {
      seen.status = reply.statusCode!
      response.writeHead(reply.statusCode!, reply.headers)
      reply.pipe(response)
    })
    onward.on('error', () => response.destroy())
    onward.end(seen.body)
  }

  await listening(secure)
  await listening(far)
  const line: Line = {
    origin: `https://127.0.0.1:${(far.address() as AddressInfo).port}`,
    latency: 0,
    fault: null,
    loses: null,
    requests: [],
    async close() {
      sockets.forEach(socket => socket.destroy())
      await Promise.all([closed(far), closed(secure)])
    },
  }
  return line
}

export const listening = (server: Server): Promise<void> =>
  new Promise(resolve => server.listen(0, '127.0.0.1', resolve))

export const closed = (server: Server & { closeAllConnections?: () => void }): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections?.()
  })
