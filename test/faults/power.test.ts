import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../collector/store/open.ts'
import { misbehavingDisk, readChanges, testWithDisk, type Change } from './disk.ts'
import { planting, type Plant } from './plant.ts'
import { FATES, powerCut } from './replay.ts'

const IMAGES = 20_000
const GROUPS = 120

// In memory where there is such a place: what a flush means is replayed, not waited for.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'leadlight-power-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Checkpoints come every few commits, so that they are among the boundaries; the collector's own come every 40 MB. */
const CHECKPOINTS: Plant = {
  module: 'collector/store/sqlite/open',
  find: 'wal_autocheckpoint = 10000',
  replace: 'wal_autocheckpoint = 60',
}

interface Recording {
  root: string
  changes: Change[]
}

/** Runs the write path on a disk that remembers. */
async function record(name: string, groups: number, plants: Plant[] = []): Promise<Recording> {
  const root = join(folder, name)
  mkdirSync(root)
  const disk = misbehavingDisk(root, join(folder, `${name}.control`), join(folder, `${name}.log`))
  const { args, env } = planting([CHECKPOINTS, ...plants])
  const script = join(import.meta.dirname, 'recording.ts')
  await promisify(execFile)(process.execPath, [...args, script, root, String(groups)], {
    env: { ...process.env, ...env, ...disk.env },
  })
  return { root, changes: readChanges(join(folder, `${name}.log`)) }
}

interface Findings {
  images: number
  boundaries: number
  acknowledged: number
  /** One text for each image that broke the promise. */
  broken: string[]
}

/** Cuts the power at every boundary between two changes, in at least `images` ways in all, and looks at what is left. */
async function cutEverywhere({ root, changes }: Recording, images: number): Promise<Findings> {
  const random = seeded(20_261)
  const disk = powerCut(root)
  const findings: Findings = { images: 0, boundaries: changes.length, acknowledged: 0, broken: [] }
  const paths = new Map<number, string>()

  for (const [boundary, change] of changes.entries()) {
    if (change.kind === 'open') paths.set(change.fd, change.path)
    const path = 'fd' in change ? (paths.get(change.fd) ?? '') : change.path
    if (path === join(root, 'acknowledged')) {
      if (change.kind === 'write')
        findings.acknowledged = Math.max(findings.acknowledged, Number(change.data.toString()))
    } else if (!path.endsWith(SHARED_MEMORY)) disk.apply(change)

    const due = Math.ceil((images * (boundary + 1)) / changes.length) - findings.images
    const times = disk.isSafe() ? 1 : Math.max(FATES.length, due)
    for (let n = 0; n < times; n++) {
      const fate = FATES[n < FATES.length ? n : RANDOM + (n % (FATES.length - RANDOM))] ?? 'some'
      findings.images++
      const problem = await look(disk.image(fate, random), root, findings)
      if (problem !== null) findings.broken.push(`boundary ${boundary} (${change.kind}), fate ${fate}: ${problem}`)
    }
  }
  return findings
}

/** What processes share, kept in a file only in name: whoever is first to open the database builds it anew. */
const SHARED_MEMORY = '-shm'

/** From here on, fates differ each time. */
const RANDOM = FATES.indexOf('prefix')

const REALLY_OPENED_ONE_IN = 100

/** What is wrong with what a power cut left, `null` for nothing. */
async function look(
  image: Map<string, Buffer>,
  root: string,
  { images, acknowledged }: Findings,
): Promise<string | null> {
  const found = join(folder, 'image')
  rmSync(found, { recursive: true, force: true })
  for (const [path, content] of image) {
    const file = join(found, path.slice(root.length))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  const file = join(found, 'data/leadlight.db')
  try {
    if (images % REALLY_OPENED_ONE_IN === 0)
      await (await openStore(`file:${file}`, { newId: () => crypto.randomUUID() })).close()
    if (!existsSync(file)) return acknowledged === 0 ? null : 'there is no database'
    return await examine(file, acknowledged)
  } catch (error) {
    return String(error)
  }
}

async function examine(file: string, acknowledged: number): Promise<string | null> {
  const database = new Database(file)
  try {
    database.pragma('locking_mode = EXCLUSIVE') // no shared memory, which would be built for each image
    database.pragma('synchronous = OFF')
    const health = database.pragma('quick_check(1)', { simple: true })
    if (health !== 'ok') return String(health)
    if (acknowledged === 0) return null
    const kept = database.prepare('SELECT count(*) FROM events WHERE seq < ?').pluck().get(acknowledged) as number
    return kept === acknowledged ? null : `${acknowledged - kept} of ${acknowledged} acknowledged events are lost`
  } finally {
    database.close()
  }
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

testWithDisk(`a power cut at any moment, ${IMAGES} images: every acknowledged event is there`, async () => {
  const { images, boundaries, acknowledged, broken } = await cutEverywhere(await record('full', GROUPS), IMAGES)
  process.stdout.write(`${images} images of power cuts at ${boundaries} boundaries, ${acknowledged} events\n`)
  expect(broken.slice(0, 5)).toEqual([])
  expect(images).toBeGreaterThanOrEqual(IMAGES)
  expect(acknowledged).toBeGreaterThan(GROUPS)
})

const NORMAL: Plant[] = [
  { module: 'collector/store/sqlite/open', find: `'synchronous = FULL'`, replace: `'synchronous = NORMAL'` },
  { module: 'collector/store/sqlite/open', find: 'const FULL = 2', replace: 'const FULL = 1' },
]
const EARLY: Plant[] = [
  {
    module: 'collector/ingest/group',
    find: 'const outcomes = await write(',
    replace: `for (const { resolve } of group) resolve({ stored: 0, duplicate: 0, quarantined: 0 });
      const outcomes = await write(`,
  },
]
const UNFLUSHED_FOLDER: Plant[] = [
  { module: 'collector/store/sqlite/open', find: 'fsyncSync(parent)', replace: 'void parent' },
]

for (const [bug, plants, told] of [
  ['synchronous = NORMAL', NORMAL, /acknowledged events are lost/],
  ['answers before the commit', EARLY, /acknowledged events are lost/],
  ['a folder that is not flushed', UNFLUSHED_FOLDER, /no database/],
] as const) {
  testWithDisk(`planted: ${bug} loses events, and this test finds it`, async () => {
    const { broken } = await cutEverywhere(await record(bug.replaceAll(/\W/g, '-'), 20, [...plants]), 500)
    expect(broken.filter(problem => told.test(problem)).length).toBeGreaterThan(0)
  })
}

test('torn writes leave whole sectors, of the old or of the new', () => {
  const disk = powerCut('/d')
  disk.apply({ kind: 'open', fd: 3, path: '/d', created: false })
  disk.apply({ kind: 'open', fd: 4, path: '/d/a', created: true })
  disk.apply({ kind: 'write', fd: 4, offset: 0, data: Buffer.alloc(2_048, 'o') })
  disk.apply({ kind: 'sync', fd: 4 })
  disk.apply({ kind: 'sync', fd: 3 })
  disk.apply({ kind: 'write', fd: 4, offset: 300, data: Buffer.alloc(1_000, 'n') })
  const random = seeded(1)
  const seen = new Set(Array.from({ length: 50 }, () => disk.image('torn', random).get('/d/a')?.toString() ?? ''))
  expect(seen.size).toBeGreaterThan(3)
  for (const content of seen) expect(content).toMatch(/^o{300}(o{212}|n{212})(o{512}|n{512})(o{276}|n{276})o{748}$/)
})
