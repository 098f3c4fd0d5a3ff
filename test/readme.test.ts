import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { expect, test } from 'vitest'
import { SETTINGS } from '../collector/config.ts'

const ROOT = resolve(import.meta.dirname, '..')
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const row = (line: string) =>
  line
    .split('|')
    .map(cell => cell.replaceAll('`', '').trim())
    .slice(1, -1)

test('README names every setting, its flag, default and meaning', () => {
  const rows = readme
    .split('\n')
    .filter(line => line.startsWith('| `LEADLIGHT_'))
    .map(row)
  expect(rows).toEqual(
    Object.values(SETTINGS).map(({ variable, flag, default: fallback, meaning }) => [
      variable,
      flag,
      fallback,
      meaning,
    ]),
  )
})

test('README links only to files that are there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) expect(() => readFileSync(join(ROOT, link)), link).not.toThrow(/ENOENT/)
})

test('README says how large the script is', () => {
  const script = readFileSync(join(ROOT, 'dist/leadlight.js'))
  const size = brotliCompressSync(script, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  expect(readme).toContain(`The script is <!-- size -->${size.toLocaleString('en-US')}<!-- /size --> bytes (brotli)`)
})

test('README and the contribution guide name every dependency that is there, and no other', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>
  const used = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    name => !name.startsWith('@types/'),
  )
  const guide = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').split('## Dependencies')[1] ?? ''
  const named = guide
    .split('\n')
    .filter(line => line.startsWith('| '))
    .flatMap(line => (row(line)[0] ?? '').replace('(optional)', '').split(','))
  const names = named
    .map(name => name.trim())
    .filter(name => name !== '' && !name.startsWith('-') && !['run time', 'development'].includes(name))
  expect(names.toSorted()).toEqual(used.toSorted())
})
