import type { Instant } from '../../shared/instant.ts'
import type { Line, Progress, Taken } from '../store/transfer.ts'
import { readLine } from './line.ts'
import type { SourceLine } from './source.ts'

/** Lines in one transaction: enough to share a disk flush, few enough to let others in between. */
export const LINES_AT_ONCE = 2_000

export const NO_PROGRESS: Progress = {
  lines: 0,
  bytes: 0,
  stored: 0,
  duplicate: 0,
  rejected: 0,
  reasons: {},
  rejectsBytes: 0,
}

/** A line that was not taken. */
export interface Reject {
  line: number
  reason: string
}

/** Some lines of a source, decoded. */
export interface Part {
  lines: Line[]
  /** What has come of it, once it is known what became of the lines. */
  outcome(taken: readonly Taken[], before: Progress): { progress: Progress; rejects: Reject[] }
}

/** Decodes some lines; those that are none are rejected beforehand. */
export function decodeLines(source: readonly SourceLine[], now: Instant): Part {
  const lines: Line[] = []
  const read = source.map(({ number, text, given, wrong }) => {
    const line = wrong ?? readLine(given, text, now)
    if (typeof line === 'string') return { number, wrong: line }
    lines.push(line)
    return { number, wrong: null }
  })
  return {
    lines,
    outcome(taken, before) {
      const progress: Progress = { ...before, reasons: { ...before.reasons } }
      const rejects: Reject[] = []
      let next = 0
      for (const { number, wrong } of read) {
        const became = wrong === null ? taken[next++]! : { rejected: wrong }
        if (became === 'stored') progress.stored++
        else if (became === 'duplicate') progress.duplicate++
        else {
          progress.rejected++
          progress.reasons[became.rejected] = (progress.reasons[became.rejected] ?? 0) + 1
          rejects.push({ line: number, reason: became.rejected })
        }
      }
      const last = source.at(-1)
      if (last) {
        progress.lines = last.end.lines
        progress.bytes = last.end.bytes
      }
      return { progress, rejects }
    },
  }
}

/** Lists of any size as lists of one size, the last one shorter. */
export async function* inParts<Item>(
  lists: AsyncIterable<readonly Item[]>,
  size = LINES_AT_ONCE,
): AsyncGenerator<Item[]> {
  let waiting: Item[] = []
  for await (const list of lists) {
    waiting.push(...list)
    while (waiting.length >= size) yield waiting.splice(0, size)
  }
  if (waiting.length > 0) yield waiting
}
