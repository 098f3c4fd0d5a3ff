import { Refusal } from '../../shared/refusal.ts'
import { verify } from '../reports/verify.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'
import { progress } from './progress.ts'
import { whichSite } from './which-site.ts'

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--site ID] [--json]',
  summary: 'Recomputes everybody from the log and lists what is stored otherwise; exit code 1 if anything is.',
  flags: {
    '--site': { meaning: 'id of the site; the only one by default' },
    '--json': { meaning: 'prints { persons, events, mismatched, mismatches }', toggle: true },
  },
  async run({ words, flag, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `verify takes flags only, not ${JSON.stringify(words[0])}.`)
    return withStore(config, async store => {
      const site = await whichSite(store, flag('--site'))
      const { persons } = await store.census(site.id)
      const bar = progress('verify', persons)
      const result = await verify(store, site.id, done => bar.at(done))
      bar.end(result.persons)
      if (flag('--json') !== undefined) print(JSON.stringify(result))
      else {
        for (const { lead, field, stored, recomputed } of result.mismatches)
          print(
            `${lead ?? site.name}: ${field} is ${JSON.stringify(stored)}, the log says ${JSON.stringify(recomputed)}`,
          )
        const { mismatched, events } = result
        print(
          `${result.persons} leads, ${events} events, ${mismatched === 0 ? 'all as the log says' : `${mismatched} differences`}.`,
        )
      }
      return result.mismatched === 0 ? 0 : 1
    })
  },
}
