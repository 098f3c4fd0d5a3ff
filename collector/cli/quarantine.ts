import { Refusal } from '../../shared/refusal.ts'
import { reprocess } from '../ingest/reprocess.ts'
import { engine } from '../scoring/engine.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'
import { progress } from './progress.ts'
import { whichSite } from './which-site.ts'

export const quarantineReprocess: Command = {
  name: 'quarantine reprocess',
  usage: '[--site ID] [--json]',
  summary:
    'Reads what could not be an event again, by the rules of today, and records what is one now; the rest stays.',
  flags: {
    '--site': { meaning: 'id of the site; the only one by default' },
    '--json': { meaning: 'prints { read, stored, duplicate, quarantined, erased, reasons }', toggle: true },
  },
  async run({ words, flag, config, print }) {
    if (words.length > 0)
      throw new Refusal('invalid', `quarantine reprocess takes flags only, not ${JSON.stringify(words[0])}.`)
    return withStore(config, async store => {
      const site = await whichSite(store, flag('--site'))
      const total = (await store.quarantineReasons(site.id)).reduce((sum, { count }) => sum + count, 0)
      const bar = progress('quarantine reprocess', total)
      const write = (id: number, items: Parameters<typeof store.reprocess>[1]) =>
        store.reprocess(id, items, Date.now(), engine)
      const sum = await reprocess({ store, write }, site.id, ({ read, ...counts }) => bar.at(read, counts))
      const { read, stored, duplicate, quarantined, erased } = sum
      bar.end(read)
      const reasons = await store.quarantineReasons(site.id)
      if (flag('--json') !== undefined) print(JSON.stringify({ ...sum, reasons }))
      else {
        for (const { reason, count } of reasons) print(`${count} × ${reason}`)
        print(
          `${read} read again: ${stored} stored, ${duplicate} known before, ${quarantined} stay${erased > 0 ? `, ${erased} of persons who were erased` : ''}.`,
        )
      }
      return 0
    })
  },
}
