import { SECOND } from '../../shared/instant.ts'

interface Output {
  isTTY?: boolean
  write(text: string): unknown
}

const BAR = 30

/**
 * Tells how far something has come: a bar on a terminal, elsewhere a JSON line every five seconds and at the end. It goes
 * to standard error, so that results can be piped. `more` are further counts; a bar shows the first.
 */
export function progress(verb: string, total: number, output: Output = process.stderr, clock = Date.now) {
  const every = output.isTTY ? SECOND / 10 : 5 * SECOND
  let told = clock()

  const tell = (done: number, more: Record<string, number> = {}): void => {
    const share = total === 0 ? 1 : Math.min(1, done / total)
    if (!output.isTTY) return void output.write(`${JSON.stringify({ verb, done, total, ...more })}\n`)
    const bar = '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░')
    const [first] = Object.entries(more)
    const counts = first
      ? `${first[1].toLocaleString('en-US')} ${first[0]}`
      : `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`
    output.write(`\r${verb} ${bar} ${Math.floor(share * 100)} % (${counts})`)
  }

  return {
    at(done: number, more?: Record<string, number>): void {
      if (clock() - told < every) return
      told = clock()
      tell(done, more)
    },
    end(done: number, more?: Record<string, number>): void {
      tell(done, more)
      if (output.isTTY) output.write('\n')
    },
  }
}
