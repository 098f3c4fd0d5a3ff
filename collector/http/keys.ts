import * as v from 'valibot'
import { HOUR, type Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { SCOPES, type Key, type KeyRecord } from '../../shared/site.ts'
import { utc, utcOrNull } from '../../shared/utc.ts'
import { anyKey } from './access.ts'
import { at, listOf } from './answer.ts'
import type { LeadParts } from './find-lead.ts'
import { instant, number, object, oneOf, optional, text } from './json.ts'
import { route, type Route } from './route.ts'
import { addKey, rotateKey, type FreshKey } from './site.ts'

const keyShape = v.object({
  id: v.string(),
  name: v.nullable(v.string()),
  scope: v.picklist(SCOPES),
  /** `null`: every site. */
  site: v.nullable(v.number()),
  created_at: at,
  created_by: v.nullable(v.string()),
  expires_at: v.nullable(at),
  revoked_at: v.nullable(at),
  last_used_at: v.nullable(at),
})
const freshKeyShape = v.object({ ...keyShape.entries, key: v.string() })

/** Hours that an old secret is good beside the new one, unless said otherwise. */
const OVERLAP = 24
const MAX_OVERLAP = 30 * 24

/** `/v1/keys`: secret keys. Nobody gives more than they hold: a key for one site makes and sees keys for that site alone. */
export function keys({ store, writer, clock }: Pick<LeadParts, 'store' | 'writer' | 'clock'>): Route[] {
  const access = anyKey('admin')

  /** One that the holder may see. */
  async function find(held: Key, id: string): Promise<KeyRecord> {
    const found = (await store.keys(held.site)).find(key => key.id === id)
    if (found) return found
    throw new Refusal('not_found', `There is no key ${id}.`)
  }

  async function siteFor(held: Key, asked: number | null | undefined): Promise<number | null> {
    if (asked === undefined && held.site !== null) return held.site
    if (asked === null && held.site === null) return null
    const sites = (await store.sites()).map(({ id }) => id).filter(id => held.site === null || held.site === id)
    if (typeof asked === 'number' && sites.includes(asked)) return asked
    const every = held.site === null ? ', or null for every site' : ''
    throw new Refusal('unprocessable', 'Say which site the key is for.', [
      { pointer: '/site', detail: `must be one of ${sites.join(', ')}${every}` },
    ])
  }

  return [
    route({
      method: 'get',
      path: '/v1/keys',
      access,
      summary: 'Secret keys, without their secrets; the newest first',
      answer: listOf(keyShape),
      run: async ({ key: held }) => ({ data: (await store.keys(held.site)).map(keyView), paging: {} }),
    }),
    route({
      method: 'post',
      path: '/v1/keys',
      access,
      summary: 'Makes a secret key; `key` is shown this once',
      body: object({
        scope: oneOf(SCOPES),
        site: v.optional(v.nullable(v.number('must be the id of a site, or null for every site'))),
        name: optional(text(100)),
        expires_at: optional(instant),
      }),
      answer: freshKeyShape,
      status: 201,
      async run({ key: held, body: { scope, site, name, expires_at } }) {
        const now = clock()
        const expiresAt = notLonger(held, expires_at ?? null, now)
        const made = { name: name ?? null, expiresAt, createdBy: held.id }
        return freshView(await addKey(writer, await siteFor(held, site), scope, now, made))
      },
    }),
    route({
      method: 'post',
      path: '/v1/keys/:id/rotate',
      access,
      summary: 'A new secret for the same powers; the old one is good for a while longer',
      body: object({ overlap_hours: optional(number(0, MAX_OVERLAP)) }),
      answer: freshKeyShape,
      status: 201,
      async run({ key: held, params, body: { overlap_hours } }) {
        const { id } = await find(held, params.id)
        return freshView(await rotateKey(writer, id, (overlap_hours ?? OVERLAP) * HOUR, clock(), held.id))
      },
    }),
    route({
      method: 'delete',
      path: '/v1/keys/:id',
      access,
      summary: 'Revokes a key: from now on it is good for nothing',
      answer: keyShape,
      async run({ key: held, params }) {
        const { id } = await find(held, params.id)
        await writer.revokeKey(id, clock())
        return keyView(await find(held, id))
      },
    }),
  ]
}

/** A key that ends makes none that lasts longer. */
function notLonger(held: Key & Partial<KeyRecord>, asked: Instant | null, now: Instant): Instant | null {
  const wrong = (detail: string) =>
    new Refusal('unprocessable', 'The key cannot last so long.', [{ pointer: '/expires_at', detail }])
  if (asked !== null && asked <= now) throw wrong('must lie in the future')
  const end = held.expiresAt ?? null
  if (end === null) return asked
  if (asked !== null && asked > end) throw wrong(`must be no later than that of the key it is made with, ${utc(end)}`)
  return asked ?? end
}

const keyView = ({ id, name, scope, site, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt }: KeyRecord) => ({
  id,
  name,
  scope,
  site,
  created_at: utc(createdAt),
  created_by: createdBy,
  expires_at: utcOrNull(expiresAt),
  revoked_at: utcOrNull(revokedAt),
  last_used_at: utcOrNull(lastUsedAt),
})

const freshView = ({ secret, ...key }: FreshKey) => ({ ...keyView(key), key: secret })
