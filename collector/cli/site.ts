import { Refusal } from '../../shared/refusal.ts'
import { STARTERS } from '../scoring/starters.ts'
import { addSite, installation, pinnedTag, type Starter } from '../http/site.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'

const starters = Object.keys(STARTERS) as Starter[]

export const siteAdd: Command = {
  name: 'site add',
  usage: 'NAME --origin URL… [--model NAME] [--json]',
  summary: 'Adds a website; prints the snippet for its pages.',
  flags: {
    '--origin': {
      meaning: 'origin of its pages, like https://shop.example; may be given more than once',
      repeated: true,
    },
    '--model': { meaning: `starter model: ${starters.join(', ')} (shop)` },
    '--json': { meaning: 'prints { id, write_key, snippet, csp }', toggle: true },
  },
  async run({ words, flag, every, config, print }) {
    const [name, ...more] = words
    const origins = every('--origin')
    if (!name || more.length > 0)
      throw new Refusal('invalid', 'Give the site one name: leadlight site add "My shop" --origin https://shop.example')
    if (origins.length === 0) {
      throw new Refusal(
        'invalid',
        'Say where its pages are: --origin https://shop.example. Events from elsewhere are kept but worth nothing.',
      )
    }
    const starter = starters.find(known => known === (flag('--model') ?? 'shop'))
    if (!starter)
      throw new Refusal(
        'invalid',
        `--model must be one of ${starters.join(', ')}; got ${JSON.stringify(flag('--model'))}.`,
      )
    const site = await withStore(config, store => addSite(store, { name, origins, starter }, Date.now()))
    const url = config.publicUrl ?? `http://${config.host}:${config.port}`
    const { snippet, csp } = installation(site, url)
    if (flag('--json') === 'true') print(JSON.stringify({ id: site.id, write_key: site.writeKey, snippet, csp }))
    else
      print(
        [
          `Site ${site.id} "${site.name}" (${site.origins.join(', ')})`,
          `Snippet  ${snippet}`,
          `Pinned   ${pinnedTag(site, url)}`,
          `CSP      ${csp}`,
        ].join('\n'),
      )
    return 0
  },
}
