import type { Browser, Page } from 'playwright-core'

/** Milliseconds that the main thread itself worked, however busy the machine: on one task, and on a script in it. */
export interface Task {
  whole: number
  ours: number
}

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds by the clock, and of the thread's own time. */
  ts: number
  dur?: number
  tdur?: number
  args?: { data?: { url?: string } }
}

/** Every task of a page in which a script of that name ran, while the work lasted, on a processor a fourth as fast. */
export async function tasksOf(browser: Browser, script: string, work: (page: Page) => Promise<void>): Promise<Task[]> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel', 'v8', 'v8.execute'] })
  await work(page)
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] }
  await context.close()
  return attribute(traceEvents, script)
}

const end = ({ ts, dur = 0 }: TraceEvent): number => ts + dur

/** Calls nest: of those into the script, the outermost of each task count. */
function attribute(events: TraceEvent[], script: string): Task[] {
  const complete = events.filter(({ ph, tdur }) => ph === 'X' && tdur !== undefined).toSorted((a, b) => a.ts - b.ts)
  const calls = complete.filter(
    ({ name, args }) => /^(EvaluateScript|FunctionCall)$/.test(name) && args?.data?.url?.includes(script),
  )
  const found: Task[] = []
  const threads = new Set(calls.map(({ pid, tid }) => `${pid} ${tid}`))
  for (const task of complete) {
    if (!task.name.endsWith('RunTask') || !threads.has(`${task.pid} ${task.tid}`)) continue
    let ours = 0
    let until = task.ts
    for (const call of within(calls, task)) {
      if (call.tid !== task.tid || call.pid !== task.pid || call.ts < until) continue
      ours += call.tdur! / 1_000
      until = end(call)
    }
    if (ours > 0) found.push({ whole: task.tdur! / 1_000, ours })
  }
  return found
}

/** Of calls in order, those that begin within a task. */
function within(calls: TraceEvent[], task: TraceEvent): TraceEvent[] {
  let [low, high] = [0, calls.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (calls[middle]!.ts < task.ts) low = middle + 1
    else high = middle
  }
  let last = low
  while (last < calls.length && calls[last]!.ts <= end(task)) last++
  return calls.slice(low, last)
}
