import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const alive = new Set<ChildProcess>()
process.once('exit', () => alive.forEach(end))

/** Starts a programme as the head of a process group: browsers have many processes, and all must go with it. */
export function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const child = spawn(file, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  return child
}

/** Kills it with everything it started. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  end(child)
  await gone
}

function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
