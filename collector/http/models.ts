import * as v from 'valibot'
import type { Model } from '../../shared/model.ts'
import { Refusal } from '../../shared/refusal.ts'
import { utc, utcOrNull } from '../../shared/utc.ts'
import { modelDiff, type ModelDiff } from '../reports/model-diff.ts'
import { lint } from '../scoring/lint.ts'
import { modelSchema } from '../scoring/model-schema.ts'
import { readModel } from '../scoring/model.ts'
import type { ModelVersion } from '../store/models.ts'
import { anyone, siteKey } from './access.ts'
import { anyJson, at, listOf } from './answer.ts'
import type { LeadParts } from './find-lead.ts'
import type { Body } from './json.ts'
import { flag } from './query.ts'
import { route, type Route } from './route.ts'

const versionShape = v.object({
  version: v.number(),
  name: v.string(),
  status: v.picklist(['draft', 'live', 'past']),
  created_at: at,
  author: v.nullable(v.string()),
  published_at: v.nullable(at),
  copy_of: v.nullable(v.number()),
})
const wholeVersionShape = v.object({
  ...versionShape.entries,
  document: anyJson<Model>(modelSchema()),
  warnings: v.array(v.object({ pointer: v.string(), detail: v.string() })),
})

const differenceShape = anyJson<Omit<ModelDiff, 'at'> & { at: string; dry_run: true }>({
  type: 'object',
  description: 'Who would enter and leave each stage and label.',
})

const modelBody: Body<Model> = { schema: modelSchema(), read: readModel }

/** A version by its number; a refusal if there is none. */
export async function findVersion(store: Pick<LeadParts['store'], 'modelVersion'>, site: number, given: string) {
  const model = /^\d{1,9}$/.test(given) ? await store.modelVersion(site, Number(given)) : null
  if (model) return model
  throw new Refusal('not_found', `There is no version ${given} of the model.`)
}

/** `/v1/models`: drafts and published versions; draft → look at the difference → publish → roll back. */
export function models({ store, writer, clock }: LeadParts): Route[] {
  const find = (site: number, given: string) => findVersion(store, site, given)

  return [
    route({
      method: 'get',
      path: '/model.schema.json',
      access: anyone,
      summary: 'JSON Schema of the model document, for editors',
      answer: null,
      query: 'any',
      run: () =>
        Response.json(modelSchema(), {
          headers: { 'Content-Type': 'application/schema+json', 'Access-Control-Allow-Origin': '*' },
        }),
    }),
    route({
      method: 'get',
      path: '/v1/models',
      access: siteKey('read'),
      summary: 'Drafts and published versions, the newest first',
      answer: listOf(versionShape),
      run: async ({ site }) => ({ data: (await store.models(site)).map(versionView), paging: {} }),
    }),
    route({
      method: 'post',
      path: '/v1/models',
      access: siteKey('admin'),
      summary: 'Keeps a draft; everything wrong with it is listed at once',
      body: modelBody,
      answer: wholeVersionShape,
      status: 201,
      async run({ c, site, key, body }) {
        const number = await writer.draft(site, body, key.id, clock())
        c.header('Location', `/v1/models/${number}`)
        return documentView(await find(site, String(number)))
      },
    }),
    route({
      method: 'get',
      path: '/v1/models/:version',
      access: siteKey('read'),
      summary: 'One version, with its document',
      answer: wholeVersionShape,
      run: async ({ site, params }) => documentView(await find(site, params.version)),
    }),
    route({
      method: 'post',
      path: '/v1/models/:version/publish',
      access: siteKey('admin'),
      summary: 'Makes a version live, or with dry_run shows who would enter and leave each stage',
      query: { dry_run: flag, notify: flag },
      answer: v.union([versionShape, differenceShape]),
      async run({ site, key, params, query }) {
        const model = await find(site, params.version)
        if (query.dry_run) return diffView(await modelDiff(store, site, model, clock()))
        const published = await writer.publish(site, model.version, key.id, clock(), query.notify ?? false)
        return versionView(await find(site, String(published)))
      },
    }),
  ]
}

function versionView({ version, name, createdAt, author, publishedAt, copyOf, live }: ModelVersion) {
  return {
    version,
    name,
    status: live ? ('live' as const) : publishedAt === null ? ('draft' as const) : ('past' as const),
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

const diffView = (diff: ModelDiff) => ({ ...diff, at: utc(diff.at), dry_run: true as const })
