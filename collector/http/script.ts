import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { anyone } from './access.ts'
import { route, type Route } from './route.ts'

const built = createRequire(import.meta.url)

/**
 * The script for visitors' pages: `/leadlight.js` and `/leadlight.mjs`, looked at again every hour, and under a name
 * with their content's hash for ever, so that a page can pin one with subresource integrity.
 */
export const script = (): Route[] =>
  ['leadlight.js', 'leadlight.mjs'].flatMap(name => {
    const file = compress(readFileSync(built.resolve(`leadlight/${name}`)))
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
        // Tag managers and caches add parameters: none of them is looked at.
        query: 'any',
        run: ({ c }) => respond(c.req.header('Accept-Encoding') ?? '', c.req.header('If-None-Match')),
      })
    return [
      answer(`/${name}`, `The script for visitors' pages`, fresh),
      answer(`/${name.replace('.', `.${file.hash}.`)}`, null, immutable),
    ]
  })

function compress(identity: Buffer<ArrayBuffer>) {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12)
  return {
    identity,
    br: brotliCompressSync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gzip: gzipSync(identity, { level: 9 }),
    hash,
    etag: `"${hash}"`,
  }
}
