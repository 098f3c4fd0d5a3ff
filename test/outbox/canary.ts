import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'

export interface Canary {
  port: number
  connections: number
  bytes: number
  close: () => Promise<void>
}

/** Listens on the loopback, IPv4 and where there is one IPv6, and counts what it is sent: it must be nothing. */
export async function canary(): Promise<Canary> {
  const seen = { connections: 0, bytes: 0 }
  const servers: Server[] = []
  const listen = async (host: string, port: number): Promise<number> => {
    const server = createServer(socket => {
      seen.connections++
      socket.on('data', (chunk: Buffer) => {
        seen.bytes += chunk.length
        socket.destroy()
      })
      socket.on('error', () => {})
    }).listen(port, host)
    await once(server, 'listening')
    servers.push(server)
    return (server.address() as AddressInfo).port
  }
  const port = await listen('0.0.0.0', 0)
  await listen('::1', port).catch(() => {}) // a machine without IPv6 has nothing to reach there
  return {
    port,
    get connections() {
      return seen.connections
    },
    get bytes() {
      return seen.bytes
    },
    async close() {
      await Promise.all(servers.map(server => new Promise(closed => server.close(closed))))
    },
  }
}
