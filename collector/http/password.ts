import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '../../shared/refusal.ts'

/** 32 MiB and some 150 ms: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt */
const COST = { N: 2 ** 15, r: 8, p: 3 }
const MAX_MEMORY = 64 * 1024 * 1024
const KEY_BYTES = 32

/** Characters. Length is what makes a password strong; NIST SP 800-63B-4 asks for no rules besides. */
export const PASSWORD_LENGTH = { min: 10, max: 200 }

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** `scrypt$N$r$p$salt$key`, salt and key in base64url. A password that is too short or too long is refused. */
export async function hashPassword(password: string): Promise<string> {
  const { min, max } = PASSWORD_LENGTH
  if (password.length < min || password.length > max) {
    throw new Refusal('unprocessable', `A password has ${min} to ${max} characters.`, [
      { pointer: '/password', detail: `must have ${min} to ${max} characters` },
    ])
  }
  const salt = randomBytes(16)
  const { N, r, p } = COST
  const key = await derive(password.normalize('NFKC'), salt, KEY_BYTES, { ...COST, maxmem: MAX_MEMORY })
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Whether the password is the one behind the hash. Takes as long when there is none, so that names cannot be guessed by the clock. */
export async function checkPassword(password: string, hash: string | null): Promise<boolean> {
  const [, N = '', r = '', p = '', salt = '', key = ''] = (hash ?? NOBODYS).split('$')
  const expected = Buffer.from(key, 'base64url')
  const given = await derive(
    password.slice(0, PASSWORD_LENGTH.max + 1).normalize('NFKC'),
    Buffer.from(salt, 'base64url'),
    KEY_BYTES,
    { N: Number(N), r: Number(r), p: Number(p), maxmem: MAX_MEMORY },
  )
  return hash !== null && expected.length === given.length && timingSafeEqual(expected, given)
}

/** Of no password at all. */
const NOBODYS = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`
