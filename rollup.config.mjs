import { copyFileSync, globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import esbuild from 'rollup-plugin-esbuild'
import { minify } from 'terser'

/** Bytes of leadlight.js under brotli 11, the price of one visit to a stranger's page. */
const BUDGET = 4096

/** Files of their own for what only some sites have. */
const ADAPTERS = ['woocommerce', 'shopify', 'schema', 'consent']

/** What the collector reads at run time beside its own code, which `tsc -b` writes to dist/collector. */
const ASSETS = ['store/migrations/**/*.{sql,json}', '{demo,dashboard}/public/**/*.{css,js,svg,pdf,png,webp,woff2,txt}']

/**
 * Letters for the names at the top, and for those in functions: two sets, so that the same few letters stand in the same
 * places everywhere, which is what compresses. Any order is right; this one was found by `node test/bench/letters.mjs`.
 */
export const LETTERS = {
  top: 'hczrBjFQiTsUedy$qS_lmaftZkOgpWHVuDRJXGvYECMwLbNIKPnAxo',
  inner: 'stimlfaukeGdBrzhvA$bYEpHVyXMUTOPxSoQgZDwIn_LRJKcFCjqWN',
}

/** Names by number, as terser asks for them: scope after scope from number 0 on, the top first. */
function namer({ top, inner }) {
  let scope = -1
  return {
    get(number) {
      if (number === 0) scope++
      const letters = scope === 0 ? top : inner
      const more = Math.floor(number / letters.length)
      return (more ? letters[more - 1] : '') + letters[number % letters.length]
    },
    consider() {},
    reset() {},
    sort() {},
  }
}

const TERSER = { ecma: 2020, toplevel: true, format: { comments: false } }

/** The same script in fewer bytes, but for the names. */
export const compress = code =>
  // One word for two: nothing assigns to a constant, as the type checker has seen to.
  minify(code.replaceAll(/\bconst\b/g, 'let'), {
    ...TERSER,
    compress: { passes: 3, unsafe_arrows: true, hoist_funs: true, negate_iife: false },
    mangle: false,
  })

/** The same script with short names. */
export const mangle = (code, letters = LETTERS) =>
  minify(code, { ...TERSER, compress: false, mangle: { toplevel: true, nth_identifier: namer(letters) } })

export const brotliSize = code => brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

const smallest = {
  name: 'smallest',
  renderChunk: async code => mangle((await compress(code)).code),
  /** Rollup ends a file with a line break, which costs four bytes. */
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) chunk.code = chunk.code.trimEnd()
  },
}

/** Prints how large a script is, and fails above a budget. */
const size = (budget = Infinity) => ({
  name: 'size',
  generateBundle(_, bundle) {
    for (const [name, { code }] of Object.entries(bundle)) {
      const brotli = brotliSize(code)
      const gzip = gzipSync(code, { level: 9 }).length
      const of = budget === Infinity ? '' : ` (of ${budget})`
      console.log(`${name}: ${code.length} bytes minified, ${gzip} gzip-9, ${brotli} brotli-11${of}`)
      if (brotli > budget) this.error(`${name} is ${brotli - budget} bytes over its budget.`)
    }
  },
})

const assets = {
  name: 'assets',
  writeBundle() {
    for (const path of globSync(ASSETS, { cwd: 'collector' })) {
      const copy = join('dist/collector', path)
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(join('collector', path), copy)
    }
  },
}

/** Finds what is imported from a package. */
const packages = {
  name: 'packages',
  resolveId: name => (name.startsWith('drizzle-orm') ? fileURLToPath(import.meta.resolve(name)) : null),
}

export const typescript = esbuild({ target: 'es2022', tsconfig: false })

const adapter = (name, format = 'iife') => ({
  input: `sdk/adapters/${name}.ts`,
  output: { file: `dist/leadlight-${name}.js`, format, strict: false },
  plugins: [typescript, smallest, size()],
})

export default [
  {
    input: 'sdk/script.ts',
    output: { file: 'dist/leadlight.js', format: 'iife', strict: false },
    plugins: [typescript, smallest, size(BUDGET)],
  },
  { input: 'sdk/index.ts', output: { file: 'dist/leadlight.mjs', format: 'es' }, plugins: [typescript, assets] },
  { input: 'sdk/debug.ts', output: { file: 'dist/leadlight-debug.js', format: 'es' }, plugins: [typescript] },
  ...ADAPTERS.map(name => adapter(name)),
  // Its sandbox imports it.
  adapter('shopify-pixel', 'es'),
  // In the place of what `tsc -b` made of it.
  {
    input: 'collector/store/drizzle.ts',
    output: { file: 'dist/collector/store/drizzle.js', format: 'es' },
    external: [/^node:/, 'better-sqlite3'],
    plugins: [packages],
  },
]
