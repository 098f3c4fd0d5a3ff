// A planted bug: a text of one module is replaced as it is loaded, in a process of a test and nowhere else. It shows that
// a test would find the bug. Preloaded into that process (`node --import`), this file makes the replacements.
import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export interface Plant {
  /** Path below the repository's root, without an extension: `collector/ingest/group`. */
  module: string
  /** A text that stands in it exactly once, in TypeScript as well as in what it is compiled to. */
  find: string
  replace: string
}

const VARIABLE = 'LEADLIGHT_TEST_PLANT'
const ROOT = resolve(import.meta.dirname, '../..')

/** What a Node process must be started with to have the bugs. Throws when one of them would not take. */
export function planting(plants: readonly Plant[]): { args: string[]; env: Record<string, string> } {
  if (plants.length === 0) return { args: [], env: {} }
  for (const plant of plants) {
    for (const file of [`${plant.module}.ts`, `dist/${plant.module}.js`].map(path => join(ROOT, path))) {
      if (existsSync(file)) replaced(readFileSync(file, 'utf8'), plant)
    }
  }
  return { args: ['--import', import.meta.url], env: { [VARIABLE]: JSON.stringify(plants) } }
}

function replaced(source: string, { module, find, replace }: Plant): string {
  const parts = source.split(find)
  if (parts.length === 2) return parts.join(replace)
  throw new Error(`${module} must hold the text of a planted bug once, not ${parts.length - 1} times: ${find}`)
}

const given = process.env[VARIABLE]
if (given !== undefined) {
  const plants = JSON.parse(given) as Plant[]
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const own = plants.filter(({ module }) => isModule(url, module))
      if (own.length === 0 || loaded.source === undefined || loaded.source === null) return loaded
      const source =
        typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
      return { ...loaded, source: own.reduce(replaced, source) }
    },
  })
}

function isModule(url: string, module: string): boolean {
  if (!url.startsWith(pathToFileURL(ROOT).href)) return false
  const path = fileURLToPath(url)
  return path === join(ROOT, `${module}.ts`) || path === join(ROOT, `dist/${module}.js`)
}
