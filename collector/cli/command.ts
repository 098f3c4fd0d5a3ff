import type { Config } from '../config.ts'

/** One thing that `leadlight` does. */
export interface Command {
  /** The words that call it: `site add`. */
  name: string
  /** What follows the name: `NAME --origin URL…`. */
  usage: string
  summary: string
  /** Flags of its own, besides every setting. */
  flags: Record<`--${string}`, Flag>
  /** The exit code. Throws a refusal for wrong use. */
  run: (call: Call) => Promise<number>
}

export interface Flag {
  meaning: string
  /** Present or not; takes no value. */
  toggle?: true
  /** May be given more than once. */
  repeated?: true
}

export interface Call {
  words: string[]
  /** The last value of a flag; `''` for a toggle that is present. */
  flag: (name: `--${string}`) => string | undefined
  every: (name: `--${string}`) => string[]
  config: Config
  print: (line: string) => void
}
