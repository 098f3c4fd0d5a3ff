import { copyFileSync, globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import esbuild from 'rollup-plugin-esbuild'
import { minify } from 'terser'

/** Bytes of leadlight.js under brotli 11, the price of one visit to a stranger's page. */
const BUDGET = 4096

/** What the collector reads at run time beside its own code, which `tsc -b` writes to dist/collector. */
const ASSETS = ['store/migrations/**/*.{sql,json}', '{demo,dashboard}/public/**/*.{css,js,svg,pdf,png,webp,woff2,txt}']

/**
 * Letters for the names at the top, and for those in functions: two sets, so that the same few letters stand in the same
 * places everywhere, which is what compresses. Their order is the best of some thousand that were tried; any is right.
 */
const LETTERS = {
  top: 'HQOKWNLznhZXiTaIBCqURAodPsDcuEYFSrJtMleVGfmpgvybwkxj_$',
  inner: 'etnsilracpduhgkvyjf_wbxmo$SAETLICDNPRqzBFGHJKMOQUVWXYZ',
}

/** Names by number, as terser asks for them: scope after scope from number 0 on, the top first. */
function namer() {
  let scope = -1
  return {
    get(number) {
      if (number === 0) scope++
      const letters = scope === 0 ? LETTERS.top : LETTERS.inner
      const more = Math.floor(number / letters.length)
      return (more ? letters[more - 1] : '') + letters[number % letters.length]
    },
    consider() {},
    reset() {},
    sort() {},
  }
}

const smallest = {
  name: 'smallest',
  async renderChunk(code) {
    // One word for two: nothing assigns to a constant, as the type checker has seen to.
    return minify(code.replaceAll(/\bconst\b/g, 'let'), {
      ecma: 2020,
      toplevel: true,
      compress: { passes: 3, unsafe_arrows: true, hoist_funs: true, negate_iife: false },
      mangle: { toplevel: true, nth_identifier: namer() },
      format: { comments: false },
    })
  },
}

const size = {
  name: 'size',
  generateBundle(_, bundle) {
    const code = Buffer.from(bundle['leadlight.js'].code)
    const brotli = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
    const gzip = gzipSync(code, { level: 9 }).length
    console.log(`leadlight.js: ${code.length} bytes minified, ${gzip} gzip-9, ${brotli} brotli-11 (of ${BUDGET})`)
    if (brotli > BUDGET) this.error(`leadlight.js is ${brotli - BUDGET} bytes over its budget.`)
  },
}

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

const typescript = esbuild({ target: 'es2022', tsconfig: false })

export default [
  {
    input: 'sdk/script.ts',
    output: { file: 'dist/leadlight.js', format: 'iife', strict: false },
    plugins: [typescript, smallest, size],
  },
  { input: 'sdk/index.ts', output: { file: 'dist/leadlight.mjs', format: 'es' }, plugins: [typescript, assets] },
  { input: 'sdk/debug.ts', output: { file: 'dist/leadlight-debug.js', format: 'es' }, plugins: [typescript] },
]
