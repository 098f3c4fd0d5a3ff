import { Hono } from 'hono'
import type { Model } from '../../shared/model.ts'
import { Refusal } from '../../shared/refusal.ts'
import { modelDiff, type ModelDiff } from '../reports/model-diff.ts'
import { lint } from '../scoring/lint.ts'
import { readModel } from '../scoring/model.ts'
import type { ModelVersion } from '../store/models.ts'
import { adminOf, type LeadParts } from './find-lead.ts'
import { readJson } from './json.ts'
import { oneOf, readQuery, text } from './query.ts'
import { utc, utcOrNull } from './utc.ts'

const dryRun = oneOf(['true', 'false'])

/** `/v1/models`: drafts and published versions; draft → look at the difference → publish → roll back. */
export function models({ store, writer, auth, clock }: LeadParts): Hono {
  const find = async (site: number, given: string) => {
    const model = /^\d{1,9}$/.test(given) ? await store.modelVersion(site, Number(given)) : null
    if (model) return model
    throw new Refusal('not_found', `There is no version ${given} of the model.`)
  }

  return new Hono()
    .get('/', async c => {
      const site = await auth.site(c, 'read')
      return c.json({ data: (await store.models(site)).map(versionView), paging: {} })
    })
    .post('/', async c => {
      const { site, actor } = await adminOf(auth, c)
      const version = await writer.draft(site, readModel(await readJson(c)), actor, clock())
      c.header('Location', `/v1/models/${version}`)
      return c.json(documentView(await find(site, String(version))), 201)
    })
    .get('/:version', async c => {
      const site = await auth.site(c, 'read')
      return c.json(documentView(await find(site, c.req.param('version'))))
    })
    .post('/:version/publish', async c => {
      const { site, actor } = await adminOf(auth, c)
      const given = readQuery(c.req.query(), { site: text, dry_run: dryRun })
      const model = await find(site, c.req.param('version'))
      if (given.dry_run === 'true') return c.json(diffView(await modelDiff(store, site, model, clock())))
      const version = await writer.publish(site, model.version, actor, clock())
      return c.json(versionView(await find(site, String(version))))
    })
}

function versionView({ version, name, createdAt, author, publishedAt, copyOf, live }: ModelVersion) {
  return {
    version,
    name,
    status: live ? 'live' : publishedAt === null ? 'draft' : 'past',
    created_at: utc(createdAt),
    author,
    published_at: utcOrNull(publishedAt),
    copy_of: copyOf,
  }
}

const documentView = ({ document, ...model }: ModelVersion & { document: Model }) => ({
  ...versionView(model),
  document,
  warnings: lint(document),
})

const diffView = (diff: ModelDiff) => ({ ...diff, at: utc(diff.at), dry_run: true })
