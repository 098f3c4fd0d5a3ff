import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../collector/listen.ts'
import { SECOND } from '../../shared/instant.ts'
import type { Plant } from '../faults/plant.ts'
import { serve } from '../faults/process.ts'

/** In the place of a second, so that nobody has to wait for half a minute. */
const SHORT = 150

/** Dribbles one byte at a time, for ever. */
const SLOW = {
  headers: 'POST /e HTTP/1.1\r\nHost: a\r\nX-Long: ',
  body: 'POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{',
  chunks: 'POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
}

/** After how many short seconds each is cut off, at most `patience`. */
async function held(url: string, patience: number): Promise<Record<keyof typeof SLOW, number>> {
  const started = performance.now()
  const { hostname, port } = new URL(url)
  const wait = ([kind, beginning]: [string, string]): Promise<[string, number]> =>
    new Promise(resolve => {
      const socket = connect(Number(port), hostname)
      const dribble = setInterval(() => socket.write(kind === 'chunks' ? '1\r\nx\r\n' : 'x'), SHORT)
      const end = (seconds: number) => {
        clearInterval(dribble)
        clearTimeout(giveUp)
        socket.destroy()
        resolve([kind, seconds])
      }
      // A timer may be a moment early: who is still there then was not cut off.
      const giveUp = setTimeout(end, patience * SHORT, patience)
      socket.on('connect', () => socket.write(beginning))
      socket.on('error', () => {})
      socket.on('close', () => end((performance.now() - started) / SHORT))
      socket.resume()
    })
  return Object.fromEntries(await Promise.all(Object.entries(SLOW).map(wait))) as Record<keyof typeof SLOW, number>
}

const scaled = (name: keyof typeof LIMITS, seconds = LIMITS[name] / SECOND): Plant => ({
  module: 'collector/listen',
  find: `${name}: ${LIMITS[name] / SECOND} * SECOND`,
  replace: `${name}: ${seconds * SHORT}`,
})

async function collector(plants: Plant[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-slow-'))
  const { child, ready, end } = serve(join(folder, 'test.db'), {
    plants: [scaled('connectionsCheckingInterval'), ...plants],
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await end
    rmSync(folder, { recursive: true, force: true })
  })
  return ready
}

test('headers may take ten seconds, a whole request thirty', () => {
  expect(LIMITS).toMatchObject({ headersTimeout: 10 * SECOND, requestTimeout: 30 * SECOND })
})

test.concurrent('who dribbles headers is cut off after that, and who dribbles a body', async () => {
  const url = await collector([scaled('headersTimeout'), scaled('requestTimeout')])
  const { headers, body, chunks } = await held(url, 200)
  expect([headers < 200, body < 200, chunks < 200]).toEqual([true, true, true])
  expect(headers).toBeLessThan(body)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

test.concurrent('planted: no such limits, and this test finds it', async () => {
  const { headers, body, chunks } = await held(
    await collector([scaled('headersTimeout', 0), scaled('requestTimeout', 0)]),
    50,
  )
  expect([headers, body, chunks].map(seconds => seconds >= 50)).toEqual([true, true, true])
})
