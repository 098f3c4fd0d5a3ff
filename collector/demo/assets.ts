import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}
const NAMES = [
  'icon.svg',
  'shop.css',
  'shop.js',
  'memory.js',
  ...['account', 'element', 'hear', 'notice', 'panel', 'seen', 'standing', 'verdict'].map(name => `panel/${name}.js`),
]

const read = (name: string) => readFileSync(new URL(name, import.meta.url))
const files = new Map(NAMES.map(name => [name, read(name)]))
const brochure = read('brochure.pdf')

const digest = createHash('sha256')
for (const file of files.values()) digest.update(file)
const version = digest.digest('hex').slice(0, 10)

/** The address of a style sheet or script. It changes with the content, so browsers may keep the file for ever. */
export const asset = (name: string): string => `/demo/assets/${version}/${name}`

/** Serves what pages need besides HTML: styles, scripts, and the brochure. */
export const assets = new Hono()
  .get('/assets/:version/:name{.+}', c => {
    const name = c.req.param('name')
    const file = files.get(name)
    if (!file) return c.notFound()
    const current = c.req.param('version') === version
    return c.body(file, 200, {
      'content-type': TYPES[name.split('.').at(-1) ?? '']!,
      'cache-control': current ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
    })
  })
  .get('/brochure.pdf', c =>
    c.body(brochure, 200, { 'content-type': 'application/pdf', 'cache-control': 'public, max-age=3600' }),
  )
