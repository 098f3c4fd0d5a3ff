import { randomBytes } from 'node:crypto'
import { Webhook as Signer } from 'standardwebhooks'
import { SECOND, type Instant } from '../../shared/instant.ts'
import type { Webhook } from '../../shared/webhook.ts'

const SECRET_BYTES = 32

export const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`

/** The headers of the Standard Webhooks specification. While a secret is being changed, both sign. */
export function signed(
  { secret, previousSecret, previousUntil }: Pick<Webhook, 'secret' | 'previousSecret' | 'previousUntil'>,
  id: string,
  body: string,
  now: Instant,
): Record<string, string> {
  const secrets = previousSecret !== null && now < (previousUntil ?? 0) ? [secret, previousSecret] : [secret]
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / SECOND)),
    'webhook-signature': secrets.map(one => new Signer(one).sign(id, new Date(now), body)).join(' '),
  }
}
