import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Plant } from '../faults/plant.ts'
import { serve } from '../faults/process.ts'

const SECOND = 1_000

/** Dribbles one byte a second, for ever. */
const SLOW = {
  headers: 'POST /e HTTP/1.1\r\nHost: a\r\nX-Long: ',
  body: 'POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{',
  chunks: 'POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
}

/** Seconds after which each is cut off, at most `patience`; and whether others were served meanwhile. */
async function held(url: string, patience: number): Promise<Record<keyof typeof SLOW, number>> {
  const started = performance.now()
  const { hostname, port } = new URL(url)
  const wait = ([kind, beginning]: [string, string]): Promise<[string, number]> =>
    new Promise(resolve => {
      const socket = connect(Number(port), hostname)
      const dribble = setInterval(() => socket.write(kind === 'chunks' ? '1\r\nx\r\n' : 'x'), SECOND)
      const end = () => {
        clearInterval(dribble)
        clearTimeout(giveUp)
        socket.destroy()
        resolve([kind, (performance.now() - started) / SECOND])
      }
      const giveUp = setTimeout(end, patience * SECOND)
      socket.on('connect', () => socket.write(beginning))
      socket.on('error', () => {})
      socket.on('close', end)
      socket.resume()
    })
  return Object.fromEntries(await Promise.all(Object.entries(SLOW).map(wait))) as Record<keyof typeof SLOW, number>
}

async function collector(plants: Plant[] = []): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-slow-'))
  const { child, ready, end } = serve(join(folder, 'test.db'), { plants })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await end
    rmSync(folder, { recursive: true, force: true })
  })
  return ready
}

test.concurrent(
  'who dribbles headers is cut off after ten seconds, who dribbles a body after thirty',
  { timeout: 90_000 },
  async () => {
    const url = await collector()
    const { headers, body, chunks } = await held(url, 60)
    expect(headers).toBeLessThan(20)
    expect([body < 36, chunks < 36]).toEqual([true, true])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  },
)

test.concurrent('this would find a collector with no such limits', { timeout: 90_000 }, async () => {
  const plants = ['headersTimeout: 10', 'requestTimeout: 30'].map(find => ({
    module: 'collector/listen',
    find,
    replace: find.replace(/\d+/, '0'),
  }))
  const { headers, body, chunks } = await held(await collector(plants), 38)
  expect([headers > 36, body > 36, chunks > 36]).toEqual([true, true, true])
})
