import { Refusal } from '../../shared/refusal.ts'
import { SCOPES } from '../../shared/site.ts'
import { addKey } from '../site.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'

export const keyCreate: Command = {
  name: 'key create',
  usage: '--site ID --scope read|ingest|admin [--json]',
  summary: 'Makes a secret key, shown once.',
  flags: {
    '--site': { meaning: 'id of the site that the key is for' },
    '--scope': { meaning: 'read asks the API, ingest sends events from a server, admin does everything' },
    '--json': { meaning: 'prints { id, key, scope }', toggle: true },
  },
  async run({ words, flag, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `key create takes flags only, not ${JSON.stringify(words[0])}.`)
    const scope = SCOPES.find(known => known === flag('--scope'))
    if (!scope) throw new Refusal('invalid', `--scope must be one of ${SCOPES.join(', ')}.`)
    const key = await withStore(config, async store => {
      const sites = await store.sites()
      const site = sites.find(({ id }) => String(id) === flag('--site'))
      if (site) return addKey(store, site.id, scope, Date.now())
      const known =
        sites.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none yet; add one with: leadlight site add'
      throw new Refusal('invalid', `--site must be the id of a site. Sites: ${known}.`)
    })
    if (flag('--json') === 'true') print(JSON.stringify({ id: key.id, key: key.secret, scope }))
    else print(`${key.secret}\nScope ${scope}. This is the only time it is shown.`)
    return 0
  },
}
