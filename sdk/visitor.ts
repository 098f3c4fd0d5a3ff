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
const KEPT = /(?:^| )leadlight=([\da-f-]{36}|(?=\.\.\.denied))\.([\w-]*)\.([\w-]*)\.(\w*)/

/** Reads the cookie, or else its mirror: either may be cleared alone, and each throws where storage is blocked. */
export function recall(): Visitor | undefined {
  const kept =
    guard(() => KEPT.exec(document.cookie)) ?? guard(() => KEPT.exec(NAME + '=' + localStorage.getItem(NAME)))
  if (!kept) return undefined
  const [, id, user, email, consent] = kept
  return { id, user, email, consent } as Visitor
}

/**
 * Writes the cookie for the widest domain that takes it, found by trying, as no script knows where a public suffix ends.
 * The time at the end makes each write another value, so that reading it back proves that this very write stuck.
 */
export function remember(visitor: Visitor): void {
  const value = [...Object.values(visitor), Date.now().toString(36)].join('.')
  guard(() => {
    const labels = location.hostname.split('.')
    const attributes = `;path=/;max-age=${MAX_AGE};samesite=lax` + (location.protocol === 'https:' ? ';secure' : '')
    for (let from = labels.length; from-- >= 0 && !document.cookie.includes(value);) {
      const domain = from < 0 ? '' : ';domain=' + labels.slice(from).join('.')
      document.cookie = NAME + '=' + value + attributes + domain
    }
  })
  guard(() => localStorage.setItem(NAME, value))
}

/** The visitor, now known by these. Somebody else than before is a new visitor: two people are never merged. */
export function known(visitor: Visitor, userId?: string, email?: string | number): Visitor {
  const user = userId ? hash(visitor.id + userId) : ''
  const mail = email ? hash(visitor.id + String(email).trim().toLowerCase()) : ''
  // Like with like: a user id and an address may well be the same person's.
  const [now, before] = user && visitor.user ? [user, visitor.user] : [mail, visitor.email]
  return now && before && now !== before
    ? known(newVisitor(visitor.consent), userId, email)
    : { ...visitor, user: user || visitor.user, email: mail || visitor.email }
}

/** 32 bits: enough to tell two people on one browser apart, too little to find either. */
function hash(text: string): string {
  let sum = 0
  for (const character of text) sum = (Math.imul(sum, 31) + character.codePointAt(0)!) | 0
  return sum.toString(36)
}
