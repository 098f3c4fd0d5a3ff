import { statSync } from 'node:fs'
import { Refusal } from '../../shared/refusal.ts'
import { backUpStore, restoreStore, tryMigrations } from '../store/open.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'

export const backup: Command = {
  name: 'backup',
  usage: 'FILE [--json]',
  summary: 'Copies the database to a new file, as of one instant, while the collector runs; checks the copy.',
  flags: { '--json': { meaning: 'prints { file, bytes }', toggle: true } },
  async run({ words, flag, config, print }) {
    const file = onlyFile('backup', words)
    await backUpStore(config.databaseUrl, file)
    const bytes = statSync(file).size
    if (flag('--json') === undefined) print(`${file}: ${bytes.toLocaleString('en-US')} bytes, whole.`)
    else print(JSON.stringify({ file, bytes }))
    return 0
  },
}

export const restore: Command = {
  name: 'restore',
  usage: 'FILE [--json]',
  summary:
    'Puts a backup in the place of the database, after checking it; the collector must be stopped. What was there stays beside it.',
  flags: { '--json': { meaning: 'prints { file, before, sites, persons, events }', toggle: true } },
  async run({ words, flag, config, print }) {
    const file = onlyFile('restore', words)
    const before = await restoreStore(config.databaseUrl, file, Date.now())
    const found = await withStore(config, async store => {
      const sites = await store.sites()
      const counts = await Promise.all(sites.map(({ id }) => store.census(id)))
      const sum = (name: 'persons' | 'events') => counts.reduce((total, count) => total + count[name], 0)
      return { sites: sites.length, persons: sum('persons'), events: sum('events') }
    })
    if (flag('--json') === undefined) {
      print(`Restored from ${file}: ${found.sites} sites, ${found.persons} leads, ${found.events} events.`)
      if (before !== null) print(`What was there before: ${before}`)
    } else print(JSON.stringify({ file, before, ...found }))
    return 0
  },
}

export const migrate: Command = {
  name: 'migrate',
  usage: '[--dry-run] [--json]',
  summary: 'Brings the database to the schema of this version, keeping a copy; serve does it by itself.',
  flags: {
    '--dry-run': { meaning: 'tries it on a copy and changes nothing', toggle: true },
    '--json': { meaning: 'prints { applied, pending, dry_run }', toggle: true },
  },
  async run({ words, flag, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `migrate takes flags only, not ${JSON.stringify(words[0])}.`)
    const dryRun = flag('--dry-run') !== undefined
    const { applied, pending } = await tryMigrations(config.databaseUrl)
    if (!dryRun) await withStore(config, store => store.ping())
    if (flag('--json') !== undefined) print(JSON.stringify({ applied, pending, dry_run: dryRun }))
    else if (pending.length === 0) print(`Nothing to do: the database has all ${applied} migrations.`)
    else print(`${dryRun ? 'Would be' : 'Were'} applied, after ${applied}: ${pending.join(', ')}.`)
    return 0
  },
}

function onlyFile(command: string, words: string[]): string {
  const [file, ...more] = words
  if (file === undefined || more.length > 0) throw new Refusal('invalid', `Name one file: leadlight ${command} FILE`)
  return file
}
