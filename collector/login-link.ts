import { randomBytes } from 'node:crypto'
import { HOUR, type Instant } from '../shared/instant.ts'
import { digest } from './http/session.ts'
import type { AccountWriter } from './store/accounts.ts'

/** Whose the first link is. */
export const FIRST_ACCOUNT = 'admin'

/** How long a one-time link is good. */
const LASTS = 24 * HOUR

/** The address that lets somebody set a password and sign in, once. Makes the account if there is none of that name. */
export async function loginLink(
  store: Pick<AccountWriter, 'addLoginLink'>,
  name: string,
  publicUrl: string,
  now: Instant,
): Promise<string> {
  const secret = randomBytes(24).toString('base64url')
  await store.addLoginLink(name, digest(secret), now + LASTS, now)
  return `${publicUrl}/login/${secret}`
}
