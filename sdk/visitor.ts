import { guard } from './guard.ts'
import { uuid } from './uuid.ts'

/** What is remembered of a browser, from one page to the next; in this order, separated by dots. */
export interface Visitor {
  /** The anonymous id; empty when consent is denied. */
  id: string
  /** Short hash of the user id that the visitor is known by. */
  user: string
  /** Short hash of the e-mail address that the visitor is known by. */
  email: string
  consent: Consent | ''
}

export type Consent = 'granted' | 'denied'

/** What is ours in the browser is called so: the cookie, its mirror, and all that begins with it. */
export const NAME = 'leadlight'

/** Seconds. Browsers keep no cookie for longer than 400 days. */
const MAX_AGE = 395 * 86_400

export const newVisitor = (consent: Consent | '' = ''): Visitor => ({
  id: consent === 'denied' ? '' : uuid(),
  user: '',
  email: '',
  consent,
})

/** What we wrote; anything else under our name is not ours, and would make one visitor of all. */
const KEPT = / leadlight=(?<id>[\w-]{36}|(?=\.\.\.d))\.(?<user>[\w-]*)\.(?<email>[\w-]*)\.(?<consent>\w*)/

/** Reads the cookie, or else its mirror: either may be cleared alone, and each throws where storage is blocked. */
export const recall = (): Visitor | undefined =>
  (KEPT.exec(' ' + guard(() => document.cookie)) ?? KEPT.exec(` ${NAME}=` + guard(() => localStorage[NAME] as string)))
    ?.groups as Visitor | undefined

/**
 * Writes the cookie for the widest domain that takes it, found by trying, as no script knows where a public suffix ends.
 * The time at the end makes each write another value, so that reading it back proves that this very write stuck.
 */
export function remember(visitor: Visitor): void {
  const value = Object.values(visitor).join('.') + '.' + Date.now()
  guard(() => {
    const labels = location.hostname.split('.')
    const attributes = `;path=/;max-age=${MAX_AGE};samesite=lax` + (location.protocol === 'https:' ? ';secure' : '')
    let from = labels.length - 1
    do {
      const domain = --from < 0 ? '' : ';domain=' + labels.slice(from).join('.')
      document.cookie = NAME + '=' + value + attributes + domain
    } while (from >= 0 && !document.cookie.includes(value))
  })
  guard(() => (localStorage[NAME] = value))
}

/** The visitor, now known by these. Somebody else than before is a new visitor: two people are never merged. */
export function known(visitor: Visitor, userId?: string, email?: string | number): Visitor {
  const next = { ...visitor }
  if (userId) next.user = hash(visitor.id + userId)
  if (email) next.email = hash(visitor.id + (email + '').trim().toLowerCase())
  // Like with like: a user id and an address may well be the same person's.
  const kind = userId && visitor.user ? 'user' : 'email'
  return visitor[kind] && visitor[kind] !== next[kind] ? known(newVisitor(visitor.consent), userId, email) : next
}

/** 32 bits: enough to tell two people on one browser apart, too little to find either. */
const hash = (text: string): string =>
  Array.from(text)
    .reduce((sum, character) => (Math.imul(sum, 31) + character.codePointAt(0)!) | 0, 0)
    .toString(36)
