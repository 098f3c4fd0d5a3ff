import type { Properties } from '../../shared/json.ts'

/** What stands for whatever is taken out, in GA4's words. */
const REDACTED = '(redacted)'

/** Parameters that are named after a person's data or a secret: their value is taken out, whatever it looks like. */
const PRIVATE_PARAMETER = new RegExp(
  `^(?:${[
    'e?-?mail(_?address)?|user_?(name|email)|(first|last|full)_?name|[fl]name|surname',
    'phone(_?(number|no))?|tel(ephone)?|mobile|msisdn|fax|(street_?)?address[12]?|dob|birth_?(day|date)|ssn',
    'iban|card_?(number|no)|cc_?(number|num)?|cvc|cvv',
    'pass(word|wd|code|phrase)?|pwd|pin|otp|(client_?)?secret|sig(nature)?|credentials?|code_verifier',
    '[a-z_-]*(token|jwt)|o?auth|authorization|(api|access)_?key|(php|j)?sess(ion)?_?id|sid',
  ].join('|')})$`,
  'i',
)

/** Path segments after which a one-time secret follows, if it has a digit and is long: /reset/…, /verify/…. */
const SECRET_AFTER =
  /\/((?:password-?)?reset|verif(?:y|ication)|confirm(?:ation)?|activat(?:e|ion)|invite|magic(?:-link)?|unsubscribe|token)\/(?=[^/?#]*\d)[^/?#]{16,}/gi

/** A pattern, and what must be in a text for it to be tried at all. Each takes time linear in the text of a stranger. */
interface Pattern {
  hint: RegExp
  pattern: RegExp
  /** Looked at apart; default: yes. */
  holds?: (found: string) => boolean
}

const LOCAL = "[a-z0-9.!$'*+_{|}~^-]"
const DOMAIN = '[a-z0-9](?:[a-z0-9-]{0,62}\\.){1,8}[a-z]{2,24}'
/** One or several without a gap. `@2x` is a picture's size. */
const EMAIL: Pattern = {
  hint: /@|%(?:25)?40/,
  pattern: new RegExp(`(?<!${LOCAL})(?:${LOCAL}|%2[b7])+(?:(?:@|%(?:25)?40)(?!\\dx\\.)${DOMAIN}${LOCAL}*)+`, 'gi'),
}

/** JSON Web Tokens, signed or not. */
const JWT: Pattern = { hint: /eyJ/, pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g }

const GAP = '(?:[ .+-]|%20)?'

/** As many digits as a payment card has; the rest is looked at apart. */
const CARD: Pattern = {
  hint: /\d{3}/,
  pattern: new RegExp(`(?<!\\w)[2-6]\\d(?:${GAP}\\d){12,14}(?!\\w)`, 'gi'),
  holds: isCard,
}

/** Numbers written as phone numbers are: with a plus, or in the groups of North America. */
const PHONE: Pattern = {
  hint: /\d{3}|\+|%2b/i,
  pattern: new RegExp(
    [
      `(?<![\\w.])(?:\\+|%2b)(?:${GAP}\\(?\\d\\)?){8,15}(?!\\w)`,
      `(?<![\\w-])\\(?\\d{3}\\)?(?:[ .-]|%20){1,2}\\d{3}(?:[ .-]|%20)\\d{4}(?![\\w-])`,
    ].join('|'),
    'gi',
  ),
}

const PATTERNS = [EMAIL, JWT, CARD, PHONE]

/** Text without e-mail addresses, phone and card numbers, and tokens. */
export function scrubText(text: string): string {
  let scrubbed = text
  for (const { hint, pattern, holds } of PATTERNS) {
    if (!hint.test(scrubbed)) continue
    scrubbed = scrubbed.replace(pattern, found => (holds?.(found) === false ? found : REDACTED))
  }
  return scrubbed
}

/** An address without them, without name and password before its host, and without the values of private parameters. */
export function scrubUrl(url: string): string {
  let bare = url
  if (url.includes('@')) bare = bare.replace(/^([a-z][a-z0-9+.-]{0,30}:\/\/)[^/?#@]{0,1000}@/i, '$1')
  if (url.includes('=')) {
    bare = bare.replace(/([?&;#])([^=&;#?]{1,100})=([^&;#?]+)/g, (parameter, mark: string, name: string) =>
      isPrivate(name) ? `${mark}${name}=${REDACTED}` : parameter,
    )
  }
  return scrubText(bare.replace(SECRET_AFTER, (_, word: string) => `/${word}/${REDACTED}`))
}

/** Properties that hold addresses, as GA4 names them: `link_url`, `page_location`, `form_destination`. */
const ADDRESS = /(?:^|_)(?:url|href|location|referrer|destination)$/

/** Properties with their addresses scrubbed; the same object when there is nothing to take out. */
export function scrubProperties(properties: Properties): Properties {
  let scrubbed = properties
  for (const name of Object.keys(properties)) {
    const value = properties[name]
    if (typeof value !== 'string' || !ADDRESS.test(name)) continue
    const url = scrubUrl(value)
    if (url !== value) scrubbed = { ...scrubbed, [name]: url }
  }
  return scrubbed
}

/** `user%5Bemail%5D` and `user[email]` are called `email`. */
function isPrivate(name: string): boolean {
  if (name.startsWith('utm_')) return false
  const plain = name.includes('%5') ? name.replaceAll(/%5b/gi, '[').replaceAll(/%5d/gi, ']') : name
  return PRIVATE_PARAMETER.test(plain.endsWith(']') ? plain.slice(plain.lastIndexOf('[') + 1, -1) : plain)
}

const CARD_BEGINNINGS: Record<number, RegExp> = { 14: /^3[068]/, 15: /^3[47]/, 16: /^[2456]/ }

/** The beginning and the checksum (Luhn's) that payment cards have. */
function isCard(written: string): boolean {
  const digits = written.replaceAll('%20', '').replaceAll(/\D/g, '')
  if (!CARD_BEGINNINGS[digits.length]?.test(digits)) return false
  let sum = 0
  for (const [place, digit] of [...digits].toReversed().entries()) {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
