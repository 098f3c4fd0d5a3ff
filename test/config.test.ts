import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../collector/config.ts'
import { Refusal } from '../shared/refusal.ts'

function refused(env: Record<string, string>, flags: Record<string, string> = {}): string[] {
  try {
    readConfig(env, flags)
  } catch (error) {
    if (error instanceof Refusal) return error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`)
    throw error
  }
  return []
}

test('defaults are the documented ones', () => {
  expect(readConfig({})).toEqual({
    port: 8787,
    host: '127.0.0.1',
    databaseUrl: 'file:./data/leadlight.db',
    publicUrl: null,
    adminKey: null,
    trustProxy: [],
    webhookAllow: [],
    visitorRate: 120,
    addressRate: 6_000,
    siteRate: 600_000,
    retentionDays: 0,
    retentionConfirm: 0,
    logLevel: 'info',
    demo: false,
  })
})

test('flags beat the environment, the environment beats the default', () => {
  const env = { LEADLIGHT_PORT: '1000', LEADLIGHT_HOST: '::1' }
  expect(readConfig(env, { '--port': '2000' })).toMatchObject({ port: 2000, host: '::1' })
})

describe('what is wrong is listed all at once, with what would be right', () => {
  test.each([
    [{ LEADLIGHT_PROT: '1' }, ['LEADLIGHT_PROT is unknown; did you mean LEADLIGHT_PORT?']],
    [
      { LEADLIGHT_PORT: '-1', LEADLIGHT_DEMO: 'yes' },
      [
        'LEADLIGHT_PORT must be a whole number from 0 to 65535; got "-1"',
        'LEADLIGHT_DEMO must be true or false; got "yes"',
      ],
    ],
    [
      { LEADLIGHT_DATABASE_URL: 'leads.db' },
      ['LEADLIGHT_DATABASE_URL must begin with file:, like file:./data/leadlight.db; got "leads.db"'],
    ],
    [
      { LEADLIGHT_PUBLIC_URL: 'leads.example.com' },
      ['LEADLIGHT_PUBLIC_URL must be an address like https://leads.example.com; got "leads.example.com"'],
    ],
    [
      { LEADLIGHT_TRUST_PROXY: '10.0.0.0/8, proxy.example' },
      [
        'LEADLIGHT_TRUST_PROXY must be a list of addresses and CIDR ranges, like 10.0.0.0/8,fd00::/8; proxy.example is none; got "10.0.0.0/8, proxy.example"',
      ],
    ],
    [
      { LEADLIGHT_VISITOR_RATE: 'many' },
      ['LEADLIGHT_VISITOR_RATE must be a whole number from 0 to 1000000000; got "many"'],
    ],
    [{ LEADLIGHT_LOG_LEVEL: 'loud' }, ['LEADLIGHT_LOG_LEVEL must be one of debug, info, warn, error; got "loud"']],
  ])('%j', (env, errors) => expect(refused(env as Record<string, string>)).toEqual(errors))

  test('but never a secret', () => {
    expect(refused({ LEADLIGHT_ADMIN_KEY: 'hunter2' })).toEqual([
      'LEADLIGHT_ADMIN_KEY must be sk_ followed by at least 20 characters without spaces; got something else',
    ])
  })
})

test('a secret may stand in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'key'), 'sk_0123456789abcdefghij\n')
  expect(readConfig({ LEADLIGHT_ADMIN_KEY_FILE: join(folder, 'key') }).adminKey).toBe('sk_0123456789abcdefghij')
  expect(refused({ LEADLIGHT_ADMIN_KEY_FILE: join(folder, 'none') })[0]).toContain(
    'LEADLIGHT_ADMIN_KEY_FILE cannot be read',
  )
})

test('other programs’ variables are none of ours', () => {
  expect(refused({ PORT: 'x', HOME: '/' })).toEqual([])
})
