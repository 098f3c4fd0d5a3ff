import type { Context } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import { readBody } from './body.ts'
import type { Session } from './session.ts'

/**
 * The fields of a form on one of the collector's own pages; a refusal when another site sent it. Browsers say where a
 * request comes from (Fetch Metadata, else Origin); whoever is signed in sends the token of the session, too.
 */
export async function readForm(c: Context, session: Session | null): Promise<Record<string, string>> {
  if (isForeign(c)) throw new Refusal('forbidden', 'This form was sent from another site.')
  if (!c.req.header('Content-Type')?.startsWith('application/x-www-form-urlencoded'))
    throw new Refusal('invalid', 'This is no form: the content type must be application/x-www-form-urlencoded.')
  const { csrf, ...fields } = Object.fromEntries(new URLSearchParams(await readBody(c)))
  if (session && csrf !== session.csrf)
    throw new Refusal('forbidden', 'This form is of another session. Load the page again and send it once more.')
  return fields
}

function isForeign(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('Origin')
  return origin !== undefined && URL.parse(origin)?.host !== c.req.header('Host')
}
