import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { Hono } from 'hono'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
}

const FOLDER = new URL('./public/', import.meta.url)
const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).map(name => name.replaceAll('\\', '/'))
const files = new Map(
  names.filter(name => extname(name) in TYPES).map(name => [name, readFileSync(new URL(name, FOLDER))]),
)

const digest = createHash('sha256')
for (const name of [...files.keys()].toSorted()) digest.update(files.get(name)!)
const version = digest.digest('hex').slice(0, 10)

/** The address of a file in public/. It changes with the content of any, so browsers may keep all of them for ever. */
export const asset = (name: string): string => `/demo/assets/${version}/${name}`

const answer = (name: string, cacheControl: string) => {
  const file = files.get(name)
  const headers = {
    'content-type': TYPES[extname(name)] ?? '',
    'cache-control': cacheControl,
    'x-content-type-options': 'nosniff',
  }
  return file && new Response(file, { headers })
}

/** Serves what pages need besides HTML: styles, scripts, and the brochure. */
export const assets = new Hono()
  .get('/assets/:version/:name{.+}', c => {
    const current = c.req.param('version') === version
    return answer(c.req.param('name'), current ? 'public, max-age=31536000, immutable' : 'no-cache') ?? c.notFound()
  })
  .get('/brochure.pdf', c => answer('brochure.pdf', 'public, max-age=3600') ?? c.notFound())
