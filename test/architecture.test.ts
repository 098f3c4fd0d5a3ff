import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** Who may import whom; a room may always import itself. The longest matching folder is a file's room. */
const MAY_IMPORT: Record<string, readonly string[] | 'everything'> = {
  shared: [],
  sdk: ['shared'],
  'collector/scoring': ['shared'],
  'collector/store': ['shared'],
  'collector/outbox': ['shared', 'collector/scoring', 'collector/store'],
  'collector/reports': ['shared', 'collector/scoring', 'collector/store'],
  'collector/ingest': ['shared', 'collector/scoring', 'collector/store'],
  'collector/dashboard': ['shared'],
  'collector/http': [
    'shared',
    'collector/scoring',
    'collector/store',
    'collector/ingest',
    'collector/reports',
    'collector/dashboard',
  ],
  'collector/cli': 'everything',
  'collector/demo': 'everything',
  collector: 'everything',
  test: 'everything',
}

/** Rooms whose code is a function of its arguments alone. */
const PURE = ['shared', 'collector/scoring']
const IMPURE = [/\bDate\.now\(/, /\bnew Date\(\)/, /\bMath\.random\(/, /\bawait\b/]

/** Packages that a room may use; rooms that are not named may use any. */
const NO_PACKAGES = ['shared', 'sdk', 'collector/scoring']

/** A concrete store is opened in one place only. */
const CONCRETE_STORE = 'collector/store/sqlite/'
const OPENS_STORES = 'collector/store/open.ts'

/** A package of so many files that it is built into one. */
const BUILT_INTO_ONE = 'collector/store/drizzle.ts'

function violations(file: string, source: string): string[] {
  const room = roomOf(file)
  const found: string[] = []
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  for (const [, specifier = ''] of code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    if (!specifier.startsWith('.')) {
      if (NO_PACKAGES.includes(room)) found.push(`${file}: ${room} imports the package ${specifier}`)
      if (specifier.startsWith('drizzle-orm') && file !== BUILT_INTO_ONE && room !== 'test')
        found.push(`${file}: only ${BUILT_INTO_ONE} imports ${specifier}, as it says why`)
      continue
    }
    const target = relative(ROOT, resolve(ROOT, dirname(file), specifier))
    const allowed = MAY_IMPORT[room]
    if (roomOf(target) !== room && allowed !== 'everything' && !allowed?.includes(roomOf(target))) {
      found.push(`${file}: ${room} may not import ${roomOf(target)} (${specifier})`)
    }
    const concrete = target.startsWith(CONCRETE_STORE)
    if (concrete && !file.startsWith(CONCRETE_STORE) && file !== OPENS_STORES && room !== 'test') {
      found.push(`${file}: only ${OPENS_STORES} sees a concrete store (${specifier})`)
    }
  }
  if (PURE.includes(room)) {
    for (const pattern of IMPURE)
      if (pattern.test(code)) found.push(`${file}: ${room} is pure, but uses ${pattern.source}`)
  }
  return found
}

function roomOf(path: string): string {
  const rooms = Object.keys(MAY_IMPORT).filter(room => path.startsWith(`${room}/`))
  const room = rooms.toSorted((a, b) => b.length - a.length)[0]
  if (room === undefined) throw new Error(`${path} is in no room: give its folder a line in the import table.`)
  return room
}

const files = globSync(['shared/**/*.ts', 'sdk/**/*.ts', 'collector/**/*.ts', 'test/**/*.ts'], { cwd: ROOT }).filter(
  file => file !== 'test/architecture.test.ts', // the violations planted below are texts
)

test('every room imports only what the table allows', () => {
  expect(files.length).toBeGreaterThan(50)
  expect(files.flatMap(file => violations(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([])
})

test.each([
  ['scoring may not import the store', 'collector/scoring/x.ts', `import { a } from '../store/store.ts'`],
  ['nor by a dynamic import', 'collector/scoring/x.ts', `const a = import('../store/store.ts')`],
  ['nor a type', 'shared/x.ts', `import type { Store } from '../collector/store/store.ts'`],
  ['nor re-export', 'sdk/index.ts', `export { a } from '../collector/main.ts'`],
  ['nor use a package', 'collector/scoring/x.ts', `import fs from 'node:fs'`],
  ['nor load drizzle file by file', 'collector/store/x.ts', `import { sql } from 'drizzle-orm'`],
  ['scoring may not look at the clock', 'collector/scoring/x.ts', `const now = Date.now()`],
  ['nor make a date of now', 'collector/scoring/x.ts', `const now = new Date()`],
  ['nor throw dice', 'shared/x.ts', `const chance = Math.random()`],
  ['nor await', 'collector/scoring/x.ts', `export const f = async () => { await g() }`],
  [
    'only open.ts opens a concrete store',
    'collector/http/x.ts',
    `import { openSqlite } from '../store/sqlite/open.ts'`,
  ],
])('%s', (_, file, source) => expect(violations(file, source)).toHaveLength(1))

test.each([
  [
    'a comment may name the clock',
    'collector/scoring/x.ts',
    `/** Not Date.now(): the clock is an argument. */\n// new Date()`,
  ],
  ['scoring may import shared', 'collector/scoring/x.ts', `import type { Model } from '../../shared/model.ts'`],
  ['a room may import itself', 'collector/http/x.ts', `import { a } from './y.ts'`],
])('%s', (_, file, source) => expect(violations(file, source)).toEqual([]))
