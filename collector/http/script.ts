import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { anyone } from './access.ts'
import { route, type Route } from './route.ts'

const built = createRequire(import.meta.url)

const ADAPTERS = ['woocommerce', 'shopify', 'shopify-pixel', 'schema', 'consent'].map(name => `leadlight-${name}.js`)

const NAMES = ['leadlight.js', 'leadlight.mjs', 'leadlight-debug.js', ...ADAPTERS]

/**
 * The script for visitors' pages: `/leadlight.js` and `/leadlight.mjs`, looked at again every hour, and under a name
 * with their content's hash for ever, so that a page can pin one with subresource integrity: `/leadlight.json` says how.
 * And what `?leadlight_debug` loads, and the adapters to shop systems and consent banners.
 */
export const script = (): Route[] => [
  ...NAMES.flatMap(name => {
    const file = compress(readBuilt(name))
    const serve = (cacheControl: string) => (accepts: string, cached: string | undefined) => {
      const headers: Record<string, string> = {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': cacheControl,
        ETag: file.etag,
        Vary: 'Accept-Encoding',
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'X-Content-Type-Options': 'nosniff',
      }
      if (cached === file.etag) return new Response(null, { status: 304, headers })
      const encoding = (['br', 'gzip'] as const).find(known => accepts.includes(known))
      if (encoding) headers['Content-Encoding'] = encoding
      return new Response(file[encoding ?? 'identity'], { headers })
    }
    const fresh = serve('public, max-age=3600, stale-while-revalidate=86400')
    const immutable = serve('public, max-age=31536000, immutable')
    const answer = (path: string, summary: string | null, respond: ReturnType<typeof serve>) =>
      route({
        method: 'get',
        path,
        access: anyone,
        summary,
        answer: null,
        media: 'text/javascript',
        // Tag managers and caches add parameters: none of them is looked at.
        query: 'any',
        run: ({ c }) => respond(c.req.header('Accept-Encoding') ?? '', c.req.header('If-None-Match')),
      })
    return [answer(`/${name}`, `The script for visitors' pages`, fresh), answer(pinned(name).path, null, immutable)]
  }),
  route({
    method: 'get',
    path: '/leadlight.json',
    access: anyone,
    summary: 'The immutable names of the script, and their subresource integrity',
    answer: null,
    query: 'any',
    run: () =>
      Response.json(Object.fromEntries(NAMES.map(name => [name, pinned(name)])), {
        headers: { 'Cache-Control': 'public, max-age=60', 'Access-Control-Allow-Origin': '*' },
      }),
  }),
]

/** The immutable name of a built file, and what a page says to accept that content alone. */
export function pinned(name: string): { path: string; integrity: string } {
  const content = readBuilt(name)
  return {
    path: `/${name.replace('.', `.${hashOf(content)}.`)}`,
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
  }
}

const readBuilt = (name: string): Buffer<ArrayBuffer> => readFileSync(built.resolve(`leadlight/${name}`))

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 12)

function compress(identity: Buffer<ArrayBuffer>) {
  return {
    identity,
    br: brotliCompressSync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gzip: gzipSync(identity, { level: 9 }),
    etag: `"${hashOf(identity)}"`,
  }
}
