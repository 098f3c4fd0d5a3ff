import { Refusal } from '../../shared/refusal.ts'
import { FIRST_ACCOUNT, loginLink } from '../login-link.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'

export const login: Command = {
  name: 'login',
  usage: '[--name NAME]',
  summary: 'Prints a one-time link to the dashboard, good for 24 hours, where a password is set.',
  flags: { '--name': { meaning: `whose account; made if there is none of that name (${FIRST_ACCOUNT})` } },
  async run({ words, flag, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `login takes flags only, not ${JSON.stringify(words[0])}.`)
    const name = (flag('--name') ?? FIRST_ACCOUNT).trim()
    if (name === '' || name.length > 100) throw new Refusal('invalid', '--name must have 1 to 100 characters.')
    const url = config.publicUrl ?? `http://${config.host}:${config.port}`
    print(await withStore(config, store => loginLink(store, name, url, Date.now())))
    return 0
  },
}
