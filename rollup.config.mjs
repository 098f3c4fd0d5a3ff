import { copyFileSync, globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import terser from '@rollup/plugin-terser'
import esbuild from 'rollup-plugin-esbuild'

/** Bytes of leadlight.js under brotli 11, the price of one visit to a stranger's page. */
const BUDGET = 4096

/** What the collector reads at run time beside its own code, which `tsc -b` writes to dist/collector. */
const ASSETS = ['store/migrations/**/*.{sql,json}', '{demo,dashboard}/**/*.{css,js,svg,pdf,png,webp,woff2,txt}']

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
    plugins: [
      typescript,
      terser({
        ecma: 2020,
        toplevel: true,
        compress: { passes: 3, unsafe_arrows: true, hoist_funs: true, negate_iife: false },
        format: { comments: false },
      }),
      size,
    ],
  },
  { input: 'sdk/index.ts', output: { file: 'dist/leadlight.mjs', format: 'es' }, plugins: [typescript, assets] },
]
