import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect } from 'vitest'
import { misbehavingDisk, testWithDisk } from './disk.ts'
import type { Tally } from './erring.ts'
import { planting, type Plant } from './plant.ts'

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'leadlight-io-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** So that failing checkpoints are among the failures. */
const CHECKPOINTS: Plant = {
  module: 'collector/store/sqlite/open',
  find: 'wal_autocheckpoint = 10000',
  replace: 'wal_autocheckpoint = 20',
}

async function erring(bug?: 'swallow'): Promise<[opening: Tally, running: Tally]> {
  const root = mkdtempSync(join(folder, 'run-'))
  const { args, env } = planting([CHECKPOINTS])
  const disk = misbehavingDisk(root, `${root}.control`)
  const script = join(import.meta.dirname, 'erring.ts')
  const given = bug === undefined ? [root] : [root, bug]
  const { stdout } = await promisify(execFile)(process.execPath, [...args, script, ...given], {
    env: { ...process.env, ...env, ...disk.env },
  })
  return JSON.parse(stdout) as [Tally, Tally]
}

testWithDisk(
  'the N-th error of the disk never leads to a false acknowledgement, and the next write goes on',
  async () => {
    for (const { runs, acknowledged, refused, lost, stuck } of await erring()) {
      process.stdout.write(`${runs} failing calls: ${acknowledged} events acknowledged, ${refused} batches refused\n`)
      expect([lost, stuck]).toEqual([0, []])
      expect(runs).toBeGreaterThan(200)
      expect(refused).toBeGreaterThan(100)
      expect(acknowledged).toBeGreaterThan(1_000)
    }
  },
)

testWithDisk('planted: a swallowed error is a false acknowledgement, and this test finds it', async () => {
  for (const { lost } of await erring('swallow')) expect(lost).toBeGreaterThan(0)
})
