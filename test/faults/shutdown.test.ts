import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { wireEvent } from '../collector.ts'
import { misbehavingDisk, testWithDisk } from './disk.ts'
import { eventsKept } from './kept.ts'
import type { Plant } from './plant.ts'
import { serve, writeKeyOf, type CollectorProcess } from './process.ts'
import { post, waitingEvents } from './send.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-shutdown-'))
const running = new Set<CollectorProcess>()
afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Their time is spent waiting. */
const TOGETHER = { concurrent: true }

const sleep = (milliseconds: number) => new Promise(wait => setTimeout(wait, milliseconds))

/** Clients that never finish what they began. */
const STALLED: [name: string, said: string][] = [
  ['says nothing', ''],
  ['stops in the headers', 'POST /e HTTP/1.1\r\nHost: x\r\nOri'],
  ['stops in the body', 'POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{"v":1,'],
  ['is idle after an answer', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
]

async function stall(url: string): Promise<Socket[]> {
  const { hostname, port } = new URL(url)
  const sockets = STALLED.map(([, said]) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {}).resume()
    socket.write(said)
    return socket
  })
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  return sockets
}

const REQUESTS = 40
const STALL = 3_000

interface Ending {
  how: number | NodeJS.Signals
  /** Statuses of the requests that were under way; `null` for one that got no answer. */
  answers: (number | null)[]
  lost: number
  /** Milliseconds from the disk's recovery to the end of the process. */
  took: number
  walIsLeft: boolean
}

/** Stops a collector while its disk hangs, requests wait for it, and clients stall. */
async function stopped(name: string, plants: Plant[] = []): Promise<Ending> {
  const root = mkdtempSync(join(folder, `${name}-`))
  const file = join(root, 'leadlight.db')
  const disk = misbehavingDisk(root, `${root}.control`)
  const collector = serve(file, { plants, env: disk.env })
  running.add(collector)
  const url = await collector.ready
  const key = writeKeyOf(file)
  const stalled = await stall(url)

  disk.be('stalled')
  const requests = Array.from({ length: REQUESTS }, async (_, seq) => {
    const answer = await post(url, key, `visitor-${seq}`, [wireEvent('page_view', { view: 'v', seq })]).catch(
      () => null,
    )
    return answer?.status ?? null
  })
  await expect.poll(() => waitingEvents(url)).toBe(REQUESTS)
  collector.child.kill('SIGTERM')
  await sleep(STALL) // longer than clients that stall are waited for
  disk.be('healthy')
  const healthy = performance.now()
  const answers = await Promise.all(requests)
  const how = await collector.end
  const took = performance.now() - healthy
  running.delete(collector)
  for (const socket of stalled) socket.destroy()

  const walIsLeft = existsSync(`${file}-wal`)
  const kept = eventsKept(file)
  const lost = answers.filter((status, seq) => status === 202 && !kept.has(seq)).length
  return { how, answers, lost, took, walIsLeft }
}

testWithDisk(
  'SIGTERM: every request that has arrived is answered and kept, the WAL is folded in, the code is 0',
  TOGETHER,
  async () => {
    const { took, ...ending } = await stopped('healthy')
    expect(ending).toEqual({ how: 0, answers: Array(REQUESTS).fill(202), lost: 0, walIsLeft: false })
    expect(took).toBeLessThan(5_000)
  },
)

const IMPATIENT: Plant = {
  module: 'collector/listen',
  find: 'request.complete && !response.headersSent',
  replace: 'false',
}
testWithDisk('planted: a stop that waits for nobody, and this test finds it', TOGETHER, async () => {
  const { answers } = await stopped('impatient', [IMPATIENT])
  expect(answers).toContain(null)
})

const CARELESS: Plant = {
  module: 'collector/cli/serve',
  find: 'await collector.close()',
  replace: `process.kill(process.pid, 'SIGKILL')`,
}
testWithDisk('planted: a stop that closes nothing, and this test finds it', TOGETHER, async () => {
  const { how, walIsLeft } = await stopped('careless', [CARELESS])
  expect([how, walIsLeft]).toEqual(['SIGKILL', true])
})

test('stalled clients alone hold nothing up for more than a few seconds', TOGETHER, async () => {
  const collector = serve(join(folder, 'stalled.db'))
  running.add(collector)
  const stalled = await stall(await collector.ready)
  const asked = performance.now()
  collector.child.kill('SIGTERM')
  expect(await collector.end).toBe(0)
  expect(performance.now() - asked).toBeLessThan(5_000)
  for (const socket of stalled) socket.destroy()
})

testWithDisk('a second signal ends at once what the first one cannot', TOGETHER, async () => {
  const root = mkdtempSync(join(folder, 'twice-'))
  const disk = misbehavingDisk(root, `${root}.control`)
  const collector = serve(join(root, 'leadlight.db'), { env: disk.env })
  running.add(collector)
  const url = await collector.ready
  const key = writeKeyOf(join(root, 'leadlight.db'))
  disk.be('stalled')
  const answer = post(url, key, 'ada', [wireEvent('page_view')]).catch(() => null)
  await expect.poll(() => waitingEvents(url)).toBe(1)
  collector.child.kill('SIGTERM')
  await sleep(500)
  collector.child.kill('SIGTERM')
  expect(await collector.end).toBe('SIGTERM')
  expect(await answer).toBeNull()
})
