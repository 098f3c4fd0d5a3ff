import { readFileSync } from 'node:fs'
import { nearest } from '../shared/nearest.ts'
import { Refusal } from '../shared/refusal.ts'
import { RETENTION, wrongRetention } from '../shared/site.ts'
import { blockList } from './http/address.ts'

/** What the operator may set. Only this file reads the environment. */
export interface Config {
  port: number
  host: string
  databaseUrl: string
  /** Without a trailing slash; `null` means the address listened on. */
  publicUrl: string | null
  adminKey: string | null
  /** Addresses and CIDR ranges of proxies that are believed in `X-Forwarded-For`. */
  trustProxy: string[]
  /** Addresses and CIDR ranges that webhooks may be sent to though they are private, and by http. */
  webhookAllow: string[]
  /** Events a minute, on average over ten minutes; 0 is no limit. */
  visitorRate: number
  addressRate: number
  siteRate: number
  /** Days after which what nobody adds to is deleted; 0 is never. */
  retentionDays: number
  /** The same number again: more than a tenth may be deleted at once. */
  retentionConfirm: number
  logLevel: LogLevel
  demo: boolean
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

interface Setting<Value> {
  variable: `LEADLIGHT_${string}`
  flag: `--${string}`
  /** As it would be written. */
  default: string
  meaning: string
  /** Throws an error that says what would be right. */
  read: (text: string) => Value
  /** Kept out of process lists: may be named by a file, `LEADLIGHT_…_FILE`. */
  secret?: true
  /** Present or not; takes no value as a flag. */
  toggle?: true
}

const MAX_RATE = 1_000_000_000

/** Every setting: flags beat the environment, the environment beats the default. */
export const SETTINGS: { [Name in keyof Config]: Setting<Config[Name]> } = {
  port: {
    variable: 'LEADLIGHT_PORT',
    flag: '--port',
    default: '8787',
    meaning: 'port to listen on; 0 takes a free one',
    read: text => wholeNumber(text, 0, 65_535),
  },
  host: {
    variable: 'LEADLIGHT_HOST',
    flag: '--host',
    default: '127.0.0.1',
    meaning: 'address to listen on; 0.0.0.0 is every address of the machine',
    read: text => text,
  },
  databaseUrl: {
    variable: 'LEADLIGHT_DATABASE_URL',
    flag: '--database-url',
    default: 'file:./data/leadlight.db',
    meaning: 'where everything is kept: file: and a path',
    read: text => {
      if (/^file:.+/.test(text)) return text
      throw new Error('must begin with file:, like file:./data/leadlight.db')
    },
  },
  publicUrl: {
    variable: 'LEADLIGHT_PUBLIC_URL',
    flag: '--public-url',
    default: '',
    meaning: 'how browsers reach the collector, like https://leads.example.com; default: the address listened on',
    read: text => (text === '' ? null : publicUrl(text)),
  },
  adminKey: {
    variable: 'LEADLIGHT_ADMIN_KEY',
    flag: '--admin-key',
    default: '',
    meaning: 'a secret key (sk_ and at least 20 more characters) with admin scope for every site, there from the start',
    read: text => {
      if (text === '') return null
      if (/^sk_\S{20,}$/.test(text)) return text
      throw new Error('must be sk_ followed by at least 20 characters without spaces')
    },
    secret: true,
  },
  trustProxy: {
    variable: 'LEADLIGHT_TRUST_PROXY',
    flag: '--trust-proxy',
    default: '',
    meaning:
      'addresses or CIDR ranges of your own proxies, with commas between; X-Forwarded-For is believed only of them',
    read: addressRanges,
  },
  webhookAllow: {
    variable: 'LEADLIGHT_WEBHOOK_ALLOW',
    flag: '--webhook-allow',
    default: '',
    meaning: 'addresses or CIDR ranges of your own that webhooks may reach though they are private, by http too',
    read: addressRanges,
  },
  visitorRate: {
    variable: 'LEADLIGHT_VISITOR_RATE',
    flag: '--visitor-rate',
    default: '120',
    meaning: 'events a minute that one visitor may send, on average over ten minutes; 0 is no limit',
    read: text => wholeNumber(text, 0, MAX_RATE),
  },
  addressRate: {
    variable: 'LEADLIGHT_ADDRESS_RATE',
    flag: '--address-rate',
    default: '6000',
    meaning:
      'the same for an address with its neighbours (IPv4 /24, IPv6 /48); beyond three times that within a second, requests wait for their turn, a second at most',
    read: text => wholeNumber(text, 0, MAX_RATE),
  },
  siteRate: {
    variable: 'LEADLIGHT_SITE_RATE',
    flag: '--site-rate',
    default: '600000',
    meaning: 'the same for all keys of a site together',
    read: text => wholeNumber(text, 0, MAX_RATE),
  },
  retentionDays: {
    variable: 'LEADLIGHT_RETENTION_DAYS',
    flag: '--retention-days',
    default: '0',
    meaning: `days, ${RETENTION.least} to ${RETENTION.most}, after which events and quarantine are deleted, and persons not seen for as long, unless a site says otherwise; 0 keeps everything`,
    read: text => {
      const days = wholeNumber(text, 0, RETENTION.most)
      const wrong = wrongRetention(days)
      if (wrong === null) return days
      throw new Error(wrong)
    },
  },
  retentionConfirm: {
    variable: 'LEADLIGHT_RETENTION_CONFIRM',
    flag: '--retention-confirm',
    default: '0',
    meaning: 'the same number of days again: only then is more than a tenth of the events deleted in one day',
    read: text => wholeNumber(text, 0, RETENTION.most),
  },
  logLevel: {
    variable: 'LEADLIGHT_LOG_LEVEL',
    flag: '--log-level',
    default: 'info',
    meaning: 'error, warn, info, or debug, which adds a line for each request',
    read: text => {
      const level = LOG_LEVELS.find(known => known === text)
      if (level) return level
      throw new Error(`must be one of ${LOG_LEVELS.join(', ')}`)
    },
  },
  demo: {
    variable: 'LEADLIGHT_DEMO',
    flag: '--demo',
    default: 'false',
    meaning: 'true serves the demo shop at /demo',
    read: text => {
      if (text === 'true' || text === '1') return true
      if (text === 'false' || text === '0' || text === '') return false
      throw new Error('must be true or false')
    },
    toggle: true,
  },
}

const PREFIX = 'LEADLIGHT_'
/** Read by the tests alone. */
const TEST_PREFIX = 'LEADLIGHT_TEST_'

/** `flags` are texts by flag name (`--port`). Throws one refusal that lists everything wrong, with the nearest right name. */
export function readConfig(env: Record<string, string | undefined>, flags: Record<string, string> = {}): Config {
  const wrong: { pointer: string; detail: string }[] = []
  const settings = Object.entries(SETTINGS) as [keyof Config, Setting<unknown>][]
  reportUnknown(
    env,
    settings.map(([, setting]) => setting),
    wrong,
  )

  const read = settings.map(([name, setting]) => {
    const { text, from } = lookUp(setting, env, flags, wrong)
    try {
      return [name, setting.read(text)]
    } catch (error) {
      wrong.push({
        pointer: from,
        detail: `${(error as Error).message}; got ${setting.secret ? 'something else' : JSON.stringify(text)}`,
      })
      return [name, null]
    }
  })
  if (wrong.length > 0) throw new Refusal('invalid', 'Some settings are wrong.', wrong)
  return Object.fromEntries(read) as Config
}

function reportUnknown(env: Record<string, unknown>, settings: Setting<unknown>[], wrong: Refusal['errors']): void {
  const known = settings.flatMap(({ variable, secret }) => (secret ? [variable, `${variable}_FILE`] : [variable]))
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || name.startsWith(TEST_PREFIX) || known.some(one => one === name)) continue
    const near = nearest(name, known)
    wrong.push({
      pointer: name,
      detail: near ? `is unknown; did you mean ${near}?` : `is unknown; known: ${known.join(', ')}`,
    })
  }
}

function lookUp(
  { variable, flag, default: fallback, secret }: Setting<unknown>,
  env: Record<string, string | undefined>,
  flags: Record<string, string>,
  wrong: Refusal['errors'],
): { text: string; from: string } {
  const given = flags[flag]
  if (given !== undefined) return { text: given, from: flag }
  const value = env[variable]
  if (value !== undefined) return { text: value, from: variable }
  const file = secret ? env[`${variable}_FILE`] : undefined
  if (file === undefined) return { text: fallback, from: variable }
  try {
    return { text: readFileSync(file, 'utf8').trim(), from: `${variable}_FILE` }
  } catch (error) {
    wrong.push({ pointer: `${variable}_FILE`, detail: `cannot be read: ${(error as Error).message}` })
    return { text: fallback, from: `${variable}_FILE` }
  }
}

function addressRanges(text: string): string[] {
  if (text.trim() === '') return []
  const ranges = text.split(',').map(range => range.trim())
  blockList(ranges)
  return ranges
}

function wholeNumber(text: string, min: number, max: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= min && number <= max) return number
  throw new Error(`must be a whole number from ${min} to ${max}`)
}

function publicUrl(text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url.href.replace(/\/+$/, '')
  throw new Error('must be an address like https://leads.example.com')
}
