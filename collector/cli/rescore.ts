import { Refusal } from '../../shared/refusal.ts'
import { engine } from '../scoring/engine.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'
import { progress } from './progress.ts'
import { whichSite } from './which-site.ts'

const AT_ONCE = 200

export const rescore: Command = {
  name: 'rescore',
  usage: '[--site ID]',
  summary: 'Judges everybody whom another version of the model has judged; go on where it stopped by running it again.',
  flags: { '--site': { meaning: 'id of the site; the only one by default' } },
  async run({ words, flag, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `rescore takes flags only, not ${JSON.stringify(words[0])}.`)
    return withStore(config, async store => {
      const site = await whichSite(store, flag('--site'))
      const { stale } = await store.census(site.id)
      const bar = progress('rescore', stale)
      let done = 0
      for (;;) {
        const judged = await store.rescore(site.id, AT_ONCE, Date.now(), engine)
        if (judged === 0) break
        done += judged
        bar.at(done)
      }
      bar.end(done)
      print(`${done} leads of ${site.name} were judged again.`)
      return 0
    })
  },
}
