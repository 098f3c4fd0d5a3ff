import { Hono } from 'hono'
import { readAssets } from '../http/assets.ts'

const files = readAssets(new URL('./public/', import.meta.url), '/demo/assets')

export const asset = files.path

/** Serves what pages of the shop need besides HTML: styles, scripts, and the brochure. */
export const assets = new Hono()
  .get('/assets/:version/:name{.+}', files.serve)
  .get('/brochure.pdf', c => files.answer('brochure.pdf', 'public, max-age=3600') ?? c.notFound())
