import { Refusal } from '../../shared/refusal.ts'
import { installation } from '../http/site.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'

export const siteList: Command = {
  name: 'site list',
  usage: '[--json]',
  summary: 'Lists the websites, their origins and the snippets for their pages.',
  flags: { '--json': { meaning: 'prints [{ id, name, origins, write_key, snippet, csp }]', toggle: true } },
  async run({ words, flag, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `site list takes flags only, not ${JSON.stringify(words[0])}.`)
    const sites = await withStore(config, store => store.sites())
    const url = config.publicUrl ?? `http://${config.host}:${config.port}`
    const listed = sites.map(site => {
      const { id, name, origins, writeKey } = site
      return { id, name, origins, write_key: writeKey, ...installation(site, url) }
    })
    if (flag('--json') !== undefined) print(JSON.stringify(listed))
    else if (listed.length === 0) print('No site yet. Add one with: leadlight site add NAME --origin URL')
    for (const { id, name, origins, snippet } of flag('--json') === undefined ? listed : [])
      print(`Site ${id} "${name}" (${origins.join(', ') || 'no origin yet'})\n  ${snippet}`)
    return 0
  },
}
