import { nearest } from '../../shared/nearest.ts'
import { Refusal } from '../../shared/refusal.ts'
import { SETTINGS } from '../config.ts'
import type { Command, Flag } from './command.ts'

const SETTING_FLAGS = Object.fromEntries(
  Object.values(SETTINGS).map(({ flag, meaning, toggle }) => [flag, { meaning, ...(toggle && { toggle }) }] as const),
)

/** A command line taken apart. */
export interface Arguments {
  words: string[]
  values: Map<string, string[]>
  /** Values of settings, for config.ts. */
  settings: Record<string, string>
}

/** `--name value`, `--name=value`, words; after `--` only words. Lists every unknown flag, with the nearest right one. */
export function readArguments(given: readonly string[], command: Command): Arguments {
  const known: Record<string, Flag> = { ...SETTING_FLAGS, ...command.flags }
  const read: Arguments = { words: [], values: new Map(), settings: {} }
  const wrong: { pointer: string; detail: string }[] = []
  const rest = [...given]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      read.words.push(...rest)
      break
    }
    if (!word.startsWith('--')) {
      read.words.push(word)
      continue
    }
    const [name, inline] = split(word)
    const flag = Object.hasOwn(known, name) ? known[name] : undefined
    if (!flag) {
      const near = nearest(name, Object.keys(known))
      wrong.push({
        pointer: name,
        detail: near ? `is unknown; did you mean ${near}?` : 'is unknown; see leadlight --help',
      })
      if (inline === undefined && rest[0]?.startsWith('--') === false) rest.shift()
      continue
    }
    const value = inline ?? (flag.toggle ? 'true' : rest.shift())
    if (value === undefined) {
      wrong.push({ pointer: name, detail: 'needs a value' })
      continue
    }
    if (name in SETTING_FLAGS) read.settings[name] = value
    read.values.set(name, [...(read.values.get(name) ?? []), value])
  }
  if (wrong.length > 0) throw new Refusal('invalid', `leadlight ${command.name}: some flags are wrong.`, wrong)
  return read
}

function split(word: string): [string, string?] {
  const equals = word.indexOf('=')
  return equals === -1 ? [word] : [word.slice(0, equals), word.slice(equals + 1)]
}
