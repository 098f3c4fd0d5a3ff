import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { MAX_BATCH_BYTES } from '../../shared/batch.ts'
import type { Plant } from '../faults/plant.ts'
import { serve } from '../faults/process.ts'
import { openConnection, post } from './connection.ts'

const MIB = 1024 * 1024
const ZEROS = Buffer.alloc(100 * MIB)
const nested = (open: string, close: string) => {
  const half = Math.floor(MAX_BATCH_BYTES / 2 / Math.max(open.length, close.length)) - 10
  return open.repeat(half) + close.repeat(half)
}

const BOMBS: [coding: string, body: Buffer][] = [
  ['gzip', gzipSync(ZEROS)],
  ['deflate', deflateSync(ZEROS)],
  ['br', brotliCompressSync(ZEROS)],
  ['gzip', gzipSync(gzipSync(ZEROS))],
  ['identity', Buffer.from(nested('[', ']'))],
  ['identity', Buffer.from(`{"events":[${nested('[', ']').slice(20, -20)}]}`)],
  ['gzip', gzipSync(nested('{"":', '}'))],
  ['gzip', gzipSync(`{"events":[${'[],'.repeat(170_000)}1]}`)],
  ['gzip', gzipSync(`{"events":[${`[${'[],'.repeat(9_000)}1],`.repeat(18)}1]}`)],
  ['gzip', gzipSync(`{"events":[${'[],'.repeat(170_000)}1],"events":[]}`)],
]

/** As large as a batch may be, and honest, in every coding. */
const padded = (padding: string) =>
  Buffer.from(JSON.stringify({ v: 1, visitor: 'ada', sent_at: 0, events: [], padding }))
const TEXT = padded('x'.repeat(MAX_BATCH_BYTES - padded('').length))
const HONEST: typeof BOMBS = [
  ['identity', TEXT],
  ['gzip', gzipSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
]

/** Sends all of them many times over some connections at once. */
async function send(url: string, bodies: [coding: string, body: Buffer][], times: number): Promise<Set<number>> {
  const statuses = new Set<number>()
  const queue = Array.from({ length: times }, () => bodies).flat()
  const client = async () => {
    const connection = await openConnection(url)
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [coding, body] = next
      statuses.add((await connection.exchange(post(url, body, { 'Content-Encoding': coding }))).status)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: 8 }, client))
  return statuses
}

/** The most memory that a process has had since the last call, in bytes, as Linux counts it. */
function peak(pid: number): number {
  const held = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return Number(held) * 1024
}

/** How much more memory bombs take than honest bodies, in bytes, and what was answered. */
async function growth(
  bombs: typeof BOMBS,
  times: number,
  plants: Plant[] = [],
): Promise<{ grown: number; statuses: Set<number> }> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-bomb-'))
  const { child, ready, end } = serve(join(folder, 'test.db'), { plants })
  onTestFinished(async () => {
    child.kill()
    await end
    rmSync(folder, { recursive: true, force: true })
  })
  const url = await ready
  const pid = child.pid as number
  // Each alone, and until it takes no more: what is gone stays until V8 looks for it.
  for (const body of HONEST) await send(url, [body], 300)
  await send(url, HONEST.slice(0, 1), 600)
  const honest = peak(pid)
  const statuses = await send(url, bombs, times)
  return { grown: peak(pid) - honest, statuses }
}

test.runIf(process.platform === 'linux')('bombs raise memory by at most 16 MiB over honest bodies', async () => {
  const { grown, statuses } = await growth(BOMBS, 20)
  expect([...statuses].toSorted((a, b) => a - b)).toEqual([400, 413])
  expect(grown / MIB).toBeLessThan(16)
})

test.runIf(process.platform === 'linux')(
  'this would find a collector that inflates first, and looks at the size then',
  async () => {
    const plant = {
      module: 'collector/http/inflate',
      find: 'await inflate(body, limit)',
      replace: 'await inflate(body, 2 ** 30)',
    }
    const { grown } = await growth(BOMBS.slice(0, 1), 1, [plant])
    expect(grown / MIB).toBeGreaterThan(16)
  },
)
