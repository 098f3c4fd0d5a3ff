import * as v from 'valibot'
import { readEmail } from '../../shared/identity.ts'
import type { Lead } from '../../shared/lead.ts'
import { RESULTS } from '../../shared/outcome.ts'
import { Refusal } from '../../shared/refusal.ts'
import { MOVES } from '../../shared/stage.ts'
import { utc } from '../../shared/utc.ts'
import { uuidOf } from '../ingest/name-uuid.ts'
import { siteKey } from './access.ts'
import { at } from './answer.ts'
import { findLead, type LeadParts } from './find-lead.ts'
import { instant, number, object, oneOf, optional, text } from './json.ts'
import { route, type Route } from './route.ts'

const MAX_VALUE = 1e12

const outcomeShape = v.object({
  reference: v.string(),
  id: v.string(),
  result: v.picklist(RESULTS),
  at,
  value: v.nullable(v.number()),
  currency: v.nullable(v.string()),
  source: v.string(),
  stage: v.string(),
  duplicate: v.boolean(),
})

/** `POST /v1/outcomes`: a lead was won or lost. One that was won is a customer from then on. */
export function outcomes(parts: LeadParts): Route[] {
  const { store, writer, clock } = parts

  /** By any id of theirs, an e-mail address or the site's own id of them. */
  async function find(
    site: number,
    named: { id?: string | null | undefined; email?: string | null | undefined; user_id?: string | null | undefined },
  ): Promise<Lead> {
    const { id, email, user_id: user } = named
    if ([id, email, user].filter(name => name !== null && name !== undefined).length !== 1)
      throw new Refusal('unprocessable', 'Say who it is, once.', [
        { pointer: '/id', detail: 'or email, or user_id, is needed: one of them' },
      ])
    if (id) return findLead(parts, site, id)
    const address = email ? readEmail(email) : null
    if (email && address === null)
      throw new Refusal('unprocessable', 'That is no e-mail address.', [
        { pointer: '/email', detail: 'must be an e-mail address' },
      ])
    const found =
      address !== null
        ? await store.leadByIdentifier(site, { kind: 'email', value: address })
        : await store.leadByIdentifier(site, { kind: 'user_id', value: user ?? '' })
    if (!found) throw new Refusal('not_found', `There is no lead with that ${email ? 'e-mail address' : 'user id'}.`)
    return found
  }

  return [
    route({
      method: 'post',
      path: '/v1/outcomes',
      access: siteKey('admin'),
      summary: 'A lead, by id, e-mail address or user id, was won or lost; the same again changes nothing',
      body: object({
        id: optional(text(200)),
        email: optional(text(300)),
        user_id: optional(text(200)),
        result: oneOf(RESULTS),
        at: optional(instant),
        value: optional(number(-MAX_VALUE, MAX_VALUE)),
        currency: optional(text(3)),
        source: optional(text(100)),
        reference: optional(text(200)),
      }),
      answer: outcomeShape,
      status: 201,
      async run({ site, key, c, body }) {
        const lead = await find(site, body)
        const now = clock()
        const when = Math.min(body.at ?? now, now)
        const outcome = {
          // Without a reference the same report is known by what it says.
          id: body.reference ?? uuidOf(JSON.stringify([lead.id, body.result, when, body.value ?? null])),
          person: lead.id,
          result: body.result,
          at: when,
          value: body.value ?? null,
          currency: body.currency?.toUpperCase() ?? null,
          source: body.source ?? 'api',
          actor: key.id,
        }
        const [receipt] = await writer.addOutcomes(site, [outcome], now)
        const isNew = receipt === 'stored'
        if (isNew && body.result === 'won' && MOVES[lead.stage].includes('customer'))
          await writer.move(site, lead.id, { to: 'customer', actor: key.id }, now)
        const { stage } = await findLead(parts, site, lead.id)
        const { id: reference, person: id, actor: _, ...facts } = outcome
        const answer = { reference, id, ...facts, at: utc(when), stage, duplicate: !isNew }
        return isNew ? answer : c.json(answer, 200)
      },
    }),
  ]
}
