import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { nearest } from '../../shared/nearest.ts'
import { Refusal } from '../../shared/refusal.ts'
import { readConfig, SETTINGS } from '../config.ts'
import { readArguments } from './arguments.ts'
import { backup, migrate, restore } from './backup.ts'
import { backtestCommand } from './backtest.ts'
import type { Command } from './command.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { keyCommands } from './key.ts'
import { login } from './login.ts'
import { modelCommands } from './model.ts'
import { modelSuggest } from './model-suggest.ts'
import { quarantineReprocess } from './quarantine.ts'
import { rescore } from './rescore.ts'
import { serve } from './serve.ts'
import { siteAdd } from './site.ts'
import { siteList } from './site-list.ts'
import { verifyCommand } from './verify.ts'

const COMMANDS: Command[] = [
  serve,
  demo,
  login,
  siteAdd,
  siteList,
  ...keyCommands,
  ...modelCommands,
  modelSuggest,
  backtestCommand,
  rescore,
  importCommand,
  exportCommand,
  quarantineReprocess,
  backup,
  restore,
  migrate,
  verifyCommand,
  doctor,
]

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Runs one command line; the exit code is 0 when it was done, 1 when it failed, 2 when it was not understood. */
export async function run(given: readonly string[], env: Record<string, string | undefined>): Promise<number> {
  if (given.includes('--version')) return say(version())
  const command = COMMANDS.find(({ name }) => name.split(' ').every((word, place) => given[place] === word))
  if (given.includes('--help') || given[0] === 'help' || given.length === 0)
    return say(command ? helpFor(command) : help())
  try {
    if (!command) throw unknownCommand(given)
    const { words, values, settings } = readArguments(given.slice(command.name.split(' ').length), command)
    const config = readConfig(env, settings)
    const every = (name: string) => values.get(name) ?? []
    return await command.run({ words, every, flag: name => every(name).at(-1), config, print })
  } catch (error) {
    return complain(error)
  }
}

function say(text: string): number {
  print(text)
  return 0
}

function unknownCommand(given: readonly string[]): Refusal {
  const words = given
    .filter(word => !word.startsWith('--'))
    .slice(0, 2)
    .join(' ')
  const near = nearest(
    words,
    COMMANDS.map(({ name }) => name),
  )
  const hint = near ? `Did you mean: leadlight ${near}?` : `Commands: ${COMMANDS.map(({ name }) => name).join(', ')}.`
  return new Refusal('invalid', `There is no command "${words}". ${hint}`)
}

function complain(error: unknown): number {
  if (error instanceof Refusal && error.code !== 'internal') {
    const lines = [error.message, ...error.errors.map(({ pointer, detail }) => `  ${pointer} ${detail}`)]
    process.stderr.write(`${lines.join('\n')}\n`)
    return error.code === 'invalid' ? 2 : 1
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
}

export function version(): string {
  const path = createRequire(import.meta.url).resolve('leadlight/package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

function help(): string {
  const commands = COMMANDS.map(({ name, usage, summary }) => `  leadlight ${name} ${usage}\n      ${summary}`)
  const settings = Object.values(SETTINGS).map(
    ({ variable, flag, default: fallback, meaning }) =>
      `  ${flag.padEnd(16)} ${variable.padEnd(24)} ${meaning}${fallback === '' ? '' : ` (${fallback})`}`,
  )
  return ['Commands', ...commands, '', 'Settings: a flag beats the environment', ...settings].join('\n')
}

function helpFor({ name, usage, summary, flags }: Command): string {
  const own = Object.entries(flags).map(([flag, { meaning }]) => `  ${flag.padEnd(16)} ${meaning}`)
  return [
    `leadlight ${name} ${usage}`,
    `  ${summary}`,
    ...(own.length > 0 ? ['', ...own] : []),
    '',
    'Settings: see leadlight --help',
  ].join('\n')
}
