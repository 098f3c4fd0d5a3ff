import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { PERSON, wireEvent } from '../collector.ts'

const LEADLIGHT = resolve(import.meta.dirname, '../../dist/collector/leadlight.js')
const folder = mkdtempSync(join(tmpdir(), 'leadlight-cli-'))
const env = { PATH: process.env['PATH'] ?? '', LEADLIGHT_DATABASE_URL: `file:${folder}/test.db`, LEADLIGHT_PORT: '0' }
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  code: number | null
  out: string
  err: string
}

function start(...given: string[]) {
  const child = spawn(process.execPath, [LEADLIGHT, ...given], { env })
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.on('data', chunk => (ended.out += String(chunk)))
  child.stderr.on('data', chunk => (ended.err += String(chunk)))
  const end = new Promise<Ended>(done => child.once('close', code => done({ ...ended, code })))
  return { child, ended, end }
}

const leadlight = (...given: string[]): Promise<Ended> => start(...given).end

test('the first start makes a site, prints what is needed, and waits for the first event', async () => {
  const { child, ended, end } = start('serve')
  const printed = (pattern: RegExp) => expect.poll(() => ended.out).toMatch(pattern)
  await printed(/Waiting for the first event/)
  const url = /(http:\/\/127\.0\.0\.1:\d+)\/v1\/leads/.exec(ended.out)?.[1] ?? ''
  const key = /data-site="(wk_\w+)"/.exec(ended.out)?.[1] ?? ''
  const secret = /\bsk_\w+/.exec(ended.out)?.[0] ?? ''

  const send = (batch: object, origin: string) =>
    fetch(`${url}/e`, {
      method: 'POST',
      headers: { Origin: origin, 'User-Agent': PERSON },
      body: JSON.stringify({
        v: 1,
        key,
        visitor: 'ada',
        sent_at: Date.now(),
        events: [wireEvent('page_view')],
        ...batch,
      }),
    })
  await send({ key: 'wk_wrong' }, url)
  await printed(/Refused: Unknown write key/)
  await send({}, 'https://other.example')
  await printed(/worth nothing: it comes from https:\/\/other\.example, which is no origin of this site/)
  await send({}, url)
  await printed(/First event: page_view\. It works\./)

  const asked = await fetch(`${url}/v1/leads`, { headers: { Authorization: `Bearer ${secret}` } })
  expect(((await asked.json()) as { data: object[] }).data).toHaveLength(1)

  child.kill('SIGTERM')
  const { code, err } = await end
  expect(code).toBe(0)
  const levels = err
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as { level: string }).level)
  expect(new Set(levels)).toEqual(new Set(['info']))
})

test('a taken port is told, and nothing is left running', async () => {
  const first = start('serve')
  await expect.poll(() => first.ended.out).toMatch(/Waiting for the first event/)
  const port = /127\.0\.0\.1:(\d+)/.exec(first.ended.out)?.[1] ?? ''
  const { code, err } = await leadlight('serve', '--port', port, '--database-url', `file:${folder}/other.db`)
  expect([code, err]).toEqual([1, `Port ${port} of 127.0.0.1 is taken. Choose another with --port.\n`])
  first.child.kill('SIGTERM')
  await first.end
})

test('the second start shows no secret', async () => {
  const { child, ended, end } = start('serve')
  await expect.poll(() => ended.out).toMatch(/Waiting for the first event/)
  child.kill('SIGINT')
  expect(await end).toMatchObject({ code: 0, out: expect.not.stringContaining('sk_') as string })
})

test('site add and key create answer as JSON', async () => {
  const added = await leadlight(
    'site',
    'add',
    'My shop',
    '--origin',
    'https://Shop.example/',
    '--model',
    'content',
    '--json',
  )
  const site = JSON.parse(added.out) as Record<string, unknown>
  expect(Object.keys(site)).toEqual(['id', 'write_key', 'snippet', 'csp'])
  expect(site['snippet']).toContain(`data-site="${String(site['write_key'])}"`)
  const created = await leadlight('key', 'create', '--site', String(site['id']), '--scope', 'ingest', '--json')
  expect(JSON.parse(created.out)).toEqual({
    id: expect.stringMatching(/^key_/) as string,
    key: expect.stringMatching(/^sk_\w{20,}$/) as string,
    scope: 'ingest',
  })
})

test.each([
  [['serv'], 'There is no command "serv". Did you mean: leadlight serve?'],
  [
    ['serve', '--prot', '1', '--demmo'],
    '--prot is unknown; did you mean --port?\n  --demmo is unknown; did you mean --demo?',
  ],
  [['site', 'add', 'x'], 'Say where its pages are: --origin https://shop.example'],
  [['site', 'add', 'x', '--origin', 'shop.example'], 'An origin is scheme, host and port'],
  [['key', 'create', '--site', '1', '--scope', 'write'], '--scope must be one of read, ingest, admin.'],
  [['key', 'create', '--site', '99', '--scope', 'read'], '--site must be the id of a site. Sites: 1 (My site)'],
])('%j is told what would be right', async (given, told) => {
  const { code, err } = await leadlight(...given)
  expect(code).toBe(2)
  expect(err).toContain(told)
})

test('help lists every command', async () => {
  const { code, out } = await leadlight('--help')
  expect(code).toBe(0)
  for (const name of ['serve', 'site add', 'key create']) expect(out).toContain(`leadlight ${name}`)
})
