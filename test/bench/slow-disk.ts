import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a process needs in its environment to have a disk whose flushes take 5 ms longer. Needs Linux and a C compiler. */
export function slowDisk(): Record<string, string> {
  const library = join(tmpdir(), 'leadlight-slow-disk.so')
  if (!existsSync(library))
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, join(import.meta.dirname, 'slow-disk.c'), '-ldl'])
  return { LD_PRELOAD: library }
}
