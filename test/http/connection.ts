import { connect, type Socket } from 'node:net'

export interface Answer {
  status: number
  /** By name in lower case. */
  headers: Map<string, string>
  body: string
}

/** One kept-alive connection that speaks just enough HTTP/1.1: faster than an HTTP client, and free to say anything. */
export interface Connection {
  socket: Socket
  /** Writes the bytes and waits for one whole answer. Rejects when the connection ends without one. */
  exchange(request: string | Uint8Array): Promise<Answer>
  close(): void
}

export function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  let received = Buffer.alloc(0)
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null

  socket.on('data', chunk => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (!answer) return
    received = received.subarray(answer.length)
    waiting?.resolve(answer)
    waiting = null
  })
  const lost = () => {
    waiting?.reject(new Error(`the connection ended after ${JSON.stringify(received.toString('latin1').slice(0, 80))}`))
    waiting = null
  }
  socket.on('error', lost)
  socket.on('close', lost)

  const connection: Connection = {
    socket,
    exchange: request =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection has ended'))
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => void socket.destroy(),
  }
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(connection))
    socket.once('error', reject)
  })
}

function readAnswer(bytes: Buffer): (Answer & { length: number }) | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return null
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(first.split(' ')[1])
  if (status === 100) return readAnswer(bytes.subarray(end + 4))
  const headers = new Map(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const length = end + 4 + Number(headers.get('content-length') ?? 0)
  if (bytes.length < length) return null
  return { status, headers, body: bytes.toString('utf8', end + 4, length), length }
}

/** The bytes of `POST /e`. */
export function post(url: string, body: string | Uint8Array, headers: Record<string, string> = {}): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const lines = Object.entries({ Host: new URL(url).host, 'Content-Length': String(bytes.length), ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.concat([Buffer.from(`POST /e HTTP/1.1\r\n${head}\r\n`, 'latin1'), bytes])
}
