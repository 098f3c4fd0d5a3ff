import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backUpStore, openStore, restoreStore } from '../../collector/store/open.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { leadlight } from '../faults/process.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-maintenance-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let collector: TestCollector
const fileOf = () => collector.databaseUrl.replace('file:', '')
beforeAll(async () => {
  collector = await testCollector()
  await collector.send({ events: [wireEvent('page_view'), wireEvent('add_to_cart')] })
})
afterAll(() => collector.close())

async function run(file: string, ...command: string[]) {
  const { end, said } = leadlight(command, file)
  return { code: await end, ...said }
}

const eventsIn = async (file: string): Promise<number> => {
  const store = await openStore(`file:${file}`, { newId: () => 'nobody' })
  const { events } = await store.census(1)
  await store.close()
  return events
}

describe('backup and restore', () => {
  test('a copy while the collector runs, put in the place of another database', async () => {
    const [copy, target] = [join(folder, 'copy.db'), join(folder, 'target.db')]
    const made = await run(fileOf(), 'backup', copy, '--json')
    expect([made.code, JSON.parse(made.out)]).toEqual([0, { file: copy, bytes: expect.any(Number) as number }])
    await collector.send({ visitor: 'later', events: [wireEvent('page_view')] })
    expect(await eventsIn(copy)).toBe(2)
    expect((await run(target, 'site', 'add', 'Other', '--origin', 'https://other.example')).code).toBe(0)
    const restored = await run(target, 'restore', copy, '--json')
    const { before, ...found } = JSON.parse(restored.out) as { before: string }
    expect([restored.code, found]).toEqual([0, { file: copy, sites: 1, persons: 1, events: 2 }])
    expect(existsSync(before)).toBe(true)
    expect(await eventsIn(target)).toBe(2)
    expect(await eventsIn(before)).toBe(0)
  })

  test('a copy never writes over a file', async () => {
    const file = join(folder, 'mine.db')
    writeFileSync(file, 'mine')
    const { code, err } = await run(fileOf(), 'backup', file)
    expect([code, err, readFileSync(file, 'utf8')]).toEqual([
      1,
      `${file} is there already, and was not touched. Name another file.\n`,
      'mine',
    ])
  })

  test.each([
    ['no file', () => join(folder, 'nothing.db'), 'There is no file'],
    [
      'no database',
      () => (writeFileSync(join(folder, 'text.db'), 'x'.repeat(5_000)), join(folder, 'text.db')),
      'is no SQLite database',
    ],
    [
      'a damaged one',
      () => {
        const file = join(folder, 'damaged.db')
        copyFileSync(join(folder, 'copy.db'), file)
        const bytes = readFileSync(file)
        bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 8_192)
        writeFileSync(file, bytes)
        return file
      },
      'is damaged',
    ],
  ])('%s is refused, and nothing is touched', async (_, make, told) => {
    const target = join(folder, 'untouched.db')
    if (!existsSync(target)) await backUpStore(collector.databaseUrl, target)
    const before = readFileSync(target)
    await expect(restoreStore(`file:${target}`, make(), Date.now())).rejects.toThrow(told)
    expect(readFileSync(target).equals(before)).toBe(true)
  })

  test('not under a running collector', async () => {
    const { code, err } = await run(fileOf(), 'restore', join(folder, 'copy.db'))
    expect(code).toBe(1)
    expect(err).toContain('is in use by another collector')
  })

  test('a damaged database can be replaced', async () => {
    const target = join(folder, 'broken.db')
    writeFileSync(target, 'x'.repeat(5_000))
    const before = await restoreStore(`file:${target}`, join(folder, 'copy.db'), Date.now())
    expect(await eventsIn(target)).toBe(2)
    expect(readFileSync(before!, 'utf8')).toBe('x'.repeat(5_000))
  })
})

test('migrations are tried on a copy', async () => {
  const { out, code } = await run(fileOf(), 'migrate', '--dry-run', '--json')
  const known = readdirSync(join(import.meta.dirname, '../../collector/store/migrations')).filter(name =>
    name.endsWith('.sql'),
  )
  expect([code, JSON.parse(out)]).toEqual([0, { applied: known.length, pending: [], dry_run: true }])
  const fresh = join(folder, 'fresh.db')
  const pending = await run(fresh, 'migrate', '--dry-run', '--json')
  expect(JSON.parse(pending.out)).toMatchObject({ applied: 0, dry_run: true })
  expect(existsSync(fresh)).toBe(false)
})

test('sites are listed with what their pages need', async () => {
  const { out } = await run(fileOf(), 'site', 'list', '--json')
  const [site] = JSON.parse(out) as { write_key: string; snippet: string }[]
  expect(site?.snippet).toContain(`data-site="${site?.write_key}"`)
})

test('doctor looks at a page, and at nothing but what the page names', async () => {
  const asked: string[] = []
  const page = createServer(({ url }, response) => {
    asked.push(url!)
    response.setHeader('Content-Type', 'text/html')
    const { writeKey } = collector.site
    response.end(`<html><script async src="${collector.url}/leadlight.js" data-site="${writeKey}"></script></html>`)
  })
  await new Promise<void>(resolve => page.listen(0, '127.0.0.1', resolve))
  const { out, code } = await run(
    fileOf(),
    'doctor',
    `http://127.0.0.1:${(page.address() as AddressInfo).port}/shop`,
    '--json',
  )
  page.close()
  expect(asked).toEqual(['/shop'])
  const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: { code: string }[] }
  expect([code, ok, findings.map(finding => finding.code)]).toEqual([1, false, ['site', 'origin_not_allowed']])
  const nothing = await run(fileOf(), 'doctor', 'http://127.0.0.1:9/', '--json')
  expect(JSON.parse(nothing.out)).toMatchObject({ ok: false, findings: [{ code: 'page_unreachable' }] })
})
