import * as v from 'valibot'
import { Refusal } from '../../shared/refusal.ts'
import { RETENTION, wrongRetention, type Key, type Site } from '../../shared/site.ts'
import { utc } from '../../shared/utc.ts'
import { anyKey, everySiteKey } from './access.ts'
import { at, listOf } from './answer.ts'
import type { AppParts } from './app.ts'
import { object, oneOf, optional, text, wholeNumber } from './json.ts'
import { route, type Route } from './route.ts'
import { addSite, installation, originOf, STARTER_NAMES } from './site.ts'

const siteShape = v.object({
  id: v.number(),
  name: v.string(),
  write_key: v.string(),
  origins: v.array(v.string()),
  follow_up_hours: v.number(),
  /** `null`: as the collector is set. */
  retention_days: v.nullable(v.number()),
  created_at: at,
  snippet: v.string(),
  csp: v.string(),
})

const AN_ORIGIN = 'must be scheme, host and port, like https://shop.example'
const MAX_ORIGINS = 100

const origins = v.pipe(
  v.array(
    v.pipe(
      v.string(AN_ORIGIN),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const origin = originOf(dataset.value)
        if (origin !== null) return origin
        addIssue({ message: AN_ORIGIN })
        return NEVER
      }),
    ),
    'must be a list of origins, like ["https://shop.example"]',
  ),
  v.maxLength(MAX_ORIGINS, `must be at most ${MAX_ORIGINS} origins`),
)

const retention = v.pipe(
  wholeNumber(0, RETENTION.most),
  v.check(days => wrongRetention(days) === null, `${wrongRetention(-1)}, or null, which is as the collector is set`),
)

/** `/v1/sites`: the websites that are tracked, and whose pages may send events that count. */
export function sites({
  store,
  writer,
  publicUrl,
  clock,
}: Pick<AppParts, 'store' | 'writer' | 'publicUrl' | 'clock'>): Route[] {
  const visible = async (held: Key): Promise<Site[]> =>
    (await store.sites()).filter(({ id }) => held.site === null || held.site === id)

  async function find(held: Key, id: string): Promise<Site> {
    const site = (await visible(held)).find(known => String(known.id) === id)
    if (site) return site
    throw new Refusal('not_found', `There is no site ${id} for this key.`)
  }

  const view = (site: Site, asked: string) => ({
    id: site.id,
    name: site.name,
    write_key: site.writeKey,
    origins: site.origins,
    follow_up_hours: site.followUpHours,
    retention_days: site.retentionDays,
    created_at: utc(site.createdAt),
    ...installation(site, publicUrl ?? new URL(asked).origin),
  })

  return [
    route({
      method: 'get',
      path: '/v1/sites',
      access: anyKey('read'),
      summary: 'The websites that the key is good for',
      answer: listOf(siteShape),
      run: async ({ c, key }) => ({ data: (await visible(key)).map(site => view(site, c.req.url)), paging: {} }),
    }),
    route({
      method: 'post',
      path: '/v1/sites',
      access: everySiteKey('admin'),
      summary: 'Adds a website, with a starter model; needs a key for every site',
      body: object({ name: text(100), origins, model: optional(oneOf(STARTER_NAMES)) }),
      answer: siteShape,
      status: 201,
      async run({ c, body: { name, origins: given, model } }) {
        const added = await addSite(writer, { name, origins: given, starter: model ?? 'shop' }, clock())
        return view(added, c.req.url)
      },
    }),
    route({
      method: 'get',
      path: '/v1/sites/:id',
      access: anyKey('read'),
      summary: 'One website, with the snippet for its pages',
      answer: siteShape,
      run: async ({ c, key, params }) => view(await find(key, params.id), c.req.url),
    }),
    route({
      method: 'patch',
      path: '/v1/sites/:id',
      access: anyKey('admin'),
      summary:
        'Changes its name, its origins, after how many hours a lead at sql is overdue, and how long events are kept',
      body: object({
        name: optional(text(100)),
        origins: optional(origins),
        follow_up_hours: optional(wholeNumber(1, 8_760)),
        retention_days: v.optional(v.nullable(retention)),
        retention_confirm: optional(wholeNumber(0, RETENTION.most)),
      }),
      answer: siteShape,
      async run({ c, key, params, body: { name, origins: given, follow_up_hours, ...kept } }) {
        const { id } = await find(key, params.id)
        const change = {
          ...(name && { name }),
          ...(given && { origins: given }),
          ...(follow_up_hours && { followUpHours: follow_up_hours }),
          ...(kept.retention_days !== undefined && { retentionDays: kept.retention_days }),
          ...(typeof kept.retention_confirm === 'number' && { retentionConfirm: kept.retention_confirm }),
        }
        return view(await writer.changeSite(id, change), c.req.url)
      },
    }),
  ]
}
