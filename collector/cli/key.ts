import { HOUR } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { SCOPES, type KeyRecord } from '../../shared/site.ts'
import { addKey, rotateKey, type FreshKey } from '../http/site.ts'
import { readInstant } from '../ingest/event.ts'
import type { Call, Command } from './command.ts'
import { withStore } from './database.ts'
import { whichSite } from './which-site.ts'

const JSON_FLAG = { meaning: 'prints JSON', toggle: true } as const

const keyCreate: Command = {
  name: 'key create',
  usage: '--site ID --scope read|ingest|admin [--name TEXT] [--expires WHEN] [--json]',
  summary: 'Makes a secret key, shown once.',
  flags: {
    '--site': { meaning: 'id of the site that the key is for; all is every site' },
    '--scope': { meaning: 'read asks the API, ingest sends events from a server, admin does everything' },
    '--name': { meaning: 'what it is for, to know it again' },
    '--expires': { meaning: 'when it ends, like 2027-01-01; by default when it is revoked' },
    '--json': { meaning: 'prints { id, key, scope }', toggle: true },
  },
  async run({ words, flag, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `key create takes flags only, not ${JSON.stringify(words[0])}.`)
    const scope = SCOPES.find(known => known === flag('--scope'))
    if (!scope) throw new Refusal('invalid', `--scope must be one of ${SCOPES.join(', ')}.`)
    const now = Date.now()
    const expires = flag('--expires')
    const expiresAt = expires === undefined ? null : readInstant(expires)
    if (expires !== undefined && (expiresAt === null || expiresAt <= now))
      throw new Refusal('invalid', `--expires must be a time in the future, like 2027-01-01; got ${expires}.`)
    const details = { name: flag('--name') ?? null, expiresAt }
    const key = await withStore(config, async store => {
      if (flag('--site') === 'all') return addKey(store, null, scope, now, details)
      if (flag('--site') === undefined) await whichSite(store, '') // says which there are
      return addKey(store, (await whichSite(store, flag('--site'))).id, scope, now, details)
    })
    show(key, flag('--json') === 'true', print)
    return 0
  },
}

const keyList: Command = {
  name: 'key list',
  usage: '[--json]',
  summary: 'Lists the keys there are, without their secrets.',
  flags: { '--json': JSON_FLAG },
  async run({ flag, config, print }) {
    const keys = await withStore(config, store => store.keys(null))
    if (flag('--json') === 'true') print(JSON.stringify(keys.map(inWords)))
    else for (const key of keys) print(Object.values(inWords(key)).join('  '))
    return 0
  },
}

const keyRevoke: Command = {
  name: 'key revoke',
  usage: 'ID',
  summary: 'From now on the key is good for nothing.',
  flags: {},
  async run({ words, config, print }) {
    const id = oneId(words, 'key revoke')
    await withStore(config, store => store.revokeKey(id, Date.now()))
    print(`${id} is revoked.`)
    return 0
  },
}

const MAX_OVERLAP = 30 * 24

const keyRotate: Command = {
  name: 'key rotate',
  usage: 'ID [--overlap HOURS] [--json]',
  summary: 'Makes a new secret key with the same powers; the old one is good for a while longer.',
  flags: {
    '--overlap': { meaning: 'hours that the old key is good beside the new one (24)' },
    '--json': { meaning: 'prints { id, key, scope }', toggle: true },
  },
  async run({ words, flag, config, print }) {
    const id = oneId(words, 'key rotate')
    const hours = Number(flag('--overlap') ?? '24')
    if (!(hours >= 0 && hours <= MAX_OVERLAP))
      throw new Refusal('invalid', `--overlap must be a number of hours from 0 to ${MAX_OVERLAP}.`)
    const key = await withStore(config, store => rotateKey(store, id, hours * HOUR, Date.now()))
    show(key, flag('--json') === 'true', print)
    return 0
  },
}

export const keyCommands = [keyCreate, keyList, keyRevoke, keyRotate]

function oneId([id, ...more]: string[], command: string): string {
  if (id !== undefined && more.length === 0) return id
  throw new Refusal('invalid', `Give the id of one key, like: leadlight ${command} key_…; see leadlight key list.`)
}

function show({ id, secret, scope }: FreshKey, asJson: boolean, print: Call['print']): void {
  if (asJson) print(JSON.stringify({ id, key: secret, scope }))
  else print(`${secret}\nScope ${scope}. This is the only time it is shown.`)
}

const inWords = ({ id, site, scope, name, expiresAt, revokedAt, lastUsedAt }: KeyRecord) => ({
  id,
  site: site ?? 'all',
  scope,
  state:
    revokedAt !== null
      ? `revoked ${day(revokedAt)}`
      : expiresAt === null
        ? 'good'
        : `${expiresAt <= Date.now() ? 'expired' : 'good until'} ${day(expiresAt)}`,
  last_used: lastUsedAt === null ? 'never used' : `used ${day(lastUsedAt)}`,
  name: name ?? '',
})

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
