import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, openSync, readFileSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'

/** How the disk behaves: when it is full, what is there can still be overwritten; a stalled one answers when it is healthy again. */
export type Mode = 'healthy' | 'full' | 'read-only' | 'stalled'

const MODES: Mode[] = ['healthy', 'full', 'read-only', 'stalled']

/** A disk for one process that misbehaves when told to. */
export interface Disk {
  be(mode: Mode): void
  /** The `nth` call from now that writes, flushes, creates or removes fails; with `sticky`, every one after it too. 0 is none. */
  failAt(nth: number, error: 'EIO' | 'ENOSPC', sticky?: boolean): void
  /** How many calls could have failed so far. */
  calls(): number
}

const SOURCE = join(import.meta.dirname, 'disk.c')
/** Offsets in `struct control` of disk.c. */
const [MODE, COUNTDOWN, ERROR, STICKY, CALLS, SIZE] = [0, 4, 8, 12, 16, 20]

/** What steers a disk, and what a process needs in its environment to have it. */
export type MisbehavingDisk = Disk & { env: Record<string, string> }

/** Misbehaves under `folder` only. `control` is a file elsewhere; `log` another one, to remember every change in. */
export function misbehavingDisk(folder: string, control: string, log?: string): MisbehavingDisk {
  writeFileSync(control, Buffer.alloc(SIZE))
  const env = {
    LD_PRELOAD: library(),
    LEADLIGHT_TEST_DISK: folder,
    LEADLIGHT_TEST_DISK_CONTROL: control,
    ...(log !== undefined && { LEADLIGHT_TEST_DISK_LOG: log }),
  }
  return { ...steered(control), env }
}

/** The disk that this very process was started with. */
export const ownDisk = (): Disk => steered(process.env['LEADLIGHT_TEST_DISK_CONTROL'] ?? '')

function steered(control: string): Disk {
  const fd = openSync(control, 'r+')
  const set = (offset: number, value: number): void => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32LE(value)
    writeSync(fd, bytes, 0, 4, offset)
  }
  return {
    be: mode => set(MODE, MODES.indexOf(mode)),
    failAt(nth, error, sticky = false) {
      set(COUNTDOWN, 0)
      set(ERROR, constants.errno[error])
      set(STICKY, sticky ? 1 : 0)
      set(COUNTDOWN, nth)
    },
    calls() {
      const bytes = Buffer.alloc(4)
      readSync(fd, bytes, 0, 4, CALLS)
      return bytes.readUInt32LE()
    },
  }
}

/** Compiled once for each version of the source. */
function library(): string {
  const version = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16)
  const path = join(tmpdir(), `leadlight-disk-${version}.so`)
  if (existsSync(path)) return path
  const unfinished = `${path}.${process.pid}`
  execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', unfinished, SOURCE, '-ldl', '-lpthread'])
  renameSync(unfinished, path)
  return path
}

function compiles(): boolean {
  if (process.platform !== 'linux') return false
  try {
    library()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** `test`, where a disk can be made to misbehave: on Linux with a C compiler. Elsewhere a loud skip, and in CI a failure. */
export const testWithDisk = compiles() ? test : unable()

function unable(): typeof test {
  const message = 'Tests with a misbehaving disk need Linux and a C compiler (cc)'
  if (process.env['CI'] === 'true') throw new Error(`${message}.`)
  process.stderr.write(`\n  SKIPPED: ${message}: nothing is known about failing disks from this run.\n\n`)
  return test.skip as unknown as typeof test
}

/** One change that a disk remembers. */
export type Change =
  | { kind: 'open'; fd: number; path: string; created: boolean }
  | { kind: 'write'; fd: number; offset: number; data: Buffer }
  | { kind: 'sync'; fd: number }
  | { kind: 'truncate'; fd: number; size: number }
  | { kind: 'unlink'; path: string }
  | { kind: 'make folder'; path: string }

const HEAD = 24

/** What a disk remembers, in the order in which it happened. */
export function readChanges(log: string): Change[] {
  const bytes = readFileSync(log)
  const changes: Change[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at + 16))
    const data = bytes.subarray(at + HEAD, at + HEAD + length)
    changes.push(
      readChange(bytes.readUInt32LE(at), bytes.readInt32LE(at + 4), Number(bytes.readBigUInt64LE(at + 8)), data),
    )
    at += HEAD + length
  }
  return changes
}

function readChange(kind: number, fd: number, offset: number, data: Buffer): Change {
  const path = kind === 2 ? '' : data.toString()
  switch (kind) {
    case 1:
      return { kind: 'open', fd, path, created: offset !== 0 }
    case 2:
      return { kind: 'write', fd, offset, data }
    case 3:
      return { kind: 'sync', fd }
    case 4:
      return { kind: 'truncate', fd, size: offset }
    case 5:
      return { kind: 'unlink', path }
    case 6:
      return { kind: 'make folder', path }
    default:
      throw new Error(`The log of the disk has a record of kind ${kind}.`)
  }
}
