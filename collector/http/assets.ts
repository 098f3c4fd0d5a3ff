import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Context } from 'hono'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.woff2': 'font/woff2',
}
const COMPRESSED = ['.css', '.js', '.svg']

/** Files that pages need besides HTML: styles, scripts, pictures. */
export interface Assets {
  /** The address of a file. It changes with the content of any, so browsers may keep all of them for ever. */
  path: (name: string) => string
  /** The file itself, under any version or none; `undefined` when there is none of that name. */
  answer: (name: string, cacheControl: string, accepts?: string) => Response | undefined
  /** Serves `path(name)`, by the parameters `version` and `name`. */
  serve: (c: Context) => Response | Promise<Response>
}

/** Reads a folder once. `base` is where `serve` is mounted, like `/demo/assets`: at `/:version/:name{.+}`. */
export function readAssets(folder: URL, base: string): Assets {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => name.replaceAll('\\', '/'))
  const files = new Map(names.filter(name => extname(name) in TYPES).map(name => [name, read(new URL(name, folder))]))
  const digest = createHash('sha256')
  for (const name of [...files.keys()].toSorted()) digest.update(files.get(name)!.identity)
  const version = digest.digest('hex').slice(0, 10)

  const answer: Assets['answer'] = (name, cacheControl, accepts = '') => {
    const file = files.get(name)
    if (!file) return undefined
    const encoding = (['br', 'gzip'] as const).find(known => accepts.includes(known) && known in file)
    const headers = {
      'content-type': TYPES[extname(name)] ?? '',
      'cache-control': cacheControl,
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
      ...(encoding && { 'content-encoding': encoding }),
    }
    return new Response(file[encoding ?? 'identity'], { headers })
  }

  return {
    path: name => `${base}/${version}/${name}`,
    answer,
    serve(c) {
      const { version: asked, name = '' } = c.req.param() as Record<string, string>
      const cacheControl = asked === version ? 'public, max-age=31536000, immutable' : 'no-cache'
      return answer(name, cacheControl, c.req.header('Accept-Encoding')) ?? c.notFound()
    },
  }
}

function read(path: URL): { identity: Buffer<ArrayBuffer>; br?: Buffer<ArrayBuffer>; gzip?: Buffer<ArrayBuffer> } {
  const identity = readFileSync(path)
  if (!COMPRESSED.includes(extname(path.pathname))) return { identity }
  return { identity, br: brotliCompressSync(identity), gzip: gzipSync(identity, { level: 9 }) }
}
