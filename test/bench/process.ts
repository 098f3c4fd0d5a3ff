import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { FLAGS, SURROUNDINGS } from '../../collector/heap.ts'
import { slowDisk } from './slow-disk.ts'
import type { Usage } from './usage.ts'

/** What one run of a trial came to. */
export interface Measured {
  requests: number
  /** Microseconds of CPU of the server's whole process, an event or echo. */
  cpu: number
  /** Milliseconds. */
  p50: number
  p99: number
  megabytes: number
  /** Events of one transaction. */
  rows: number
}

/** A process that is measured. */
export interface Server {
  url: string
  key: string
  /** What it has used; `commits` and `close` ask for more, see server.ts. */
  ask(question: 'usage' | 'commits' | 'close'): Promise<Usage>
  stop(): void
}

/** Starts server.ts; a third argument `slow` gives it a disk whose flushes take 5 ms longer. */
export async function start([kind = 'echo', earlier = '0', disk]: string[]): Promise<Server> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [kind, earlier], {
    execArgv: kind === 'collector' ? FLAGS : [], // as the command begins itself
    env: { ...process.env, ...(kind === 'collector' && SURROUNDINGS), ...(disk === 'slow' && slowDisk()) },
  })
  const [{ url, key }] = (await once(child, 'message')) as [{ url: string; key: string }]
  return {
    url,
    key,
    async ask(question) {
      child.send(question)
      const [usage] = (await once(child, 'message')) as [Usage]
      return usage
    },
    stop: () => child.disconnect(),
  }
}
