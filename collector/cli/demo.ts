import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '../../shared/refusal.ts'
import { fill } from '../demo/fill.ts'
import { addSite } from '../http/site.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'
import { serve } from './serve.ts'

export const demo: Command = {
  name: 'demo',
  usage: '[--port N]',
  summary: 'Shows a filled dashboard: a database of its own with a month of invented visitors, thrown away at the end.',
  flags: {},
  async run(call) {
    const { words, config, print } = call
    if (words.length > 0) throw new Refusal('invalid', `demo takes flags only, not ${JSON.stringify(words[0])}.`)
    const folder = mkdtempSync(join(tmpdir(), 'leadlight-demo-'))
    try {
      const own = { ...config, databaseUrl: `file:${join(folder, 'demo.db')}`, demo: true }
      print('Inventing a month of visitors …')
      await withStore(own, async store => {
        const now = Date.now()
        const { id } = await addSite(store, { name: 'Skumring', origins: [], starter: 'shop' }, now)
        const { events } = await fill(store, { site: id, now })
        print(`${events.toLocaleString('en-US')} events recorded.`)
      })
      return await serve.run({ ...call, config: own })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
