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

/** Text without any of these, as most is, holds nothing that the patterns below would find. */
const SUSPECT = /[@%+]|eyJ|\d{3}(?:[ .)-]|\d{11})/

// Each pattern takes time linear in the text of a stranger.

const LOCAL = "[a-z0-9.!$'*+_{|}~^-]"
const DOMAIN = '[a-z0-9](?:[a-z0-9-]{0,62}\\.){1,8}[a-z]{2,24}'
/** One or several without a gap. `@2x` is a picture's size. */
const EMAIL = new RegExp(
  `(?:(?<!${LOCAL}|%)|(?<=%(?!2[b7])[0-9a-f]{2}))(?:${LOCAL}|%2[b7])+(?:(?:@|%(?:25)?40)(?!\\dx\\.)${DOMAIN}${LOCAL}*)+`,
  'gi',
)

/** JSON Web Tokens, signed or not. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g

const GAP = '(?:[ .+-]|%20)?'
/** As many digits as a payment card has; the rest is looked at apart. */
const CARD = new RegExp(`(?<!\\w)[2-6]\\d(?:${GAP}\\d){12,14}(?!\\w)`, 'gi')

/** Numbers written as phone numbers are: with a plus, or in the groups of North America. */
const PHONE = new RegExp(
  [
    `(?<![\\w.])(?:\\+|%2b)(?:${GAP}\\(?\\d\\)?){8,15}(?!\\w)`,
    `(?<![\\w-])\\(?\\d{3}\\)?(?:[ .-]|%20){1,2}\\d{3}(?:[ .-]|%20)\\d{4}(?![\\w-])`,
  ].join('|'),
  'gi',
)

/** Text without e-mail addresses, phone and card numbers, and tokens. */
export function scrubText(text: string): string {
  if (!SUSPECT.test(text)) return text
  return text
    .replace(EMAIL, REDACTED)
    .replace(JWT, REDACTED)
    .replace(CARD, number => (isCard(number) ? REDACTED : number))
    .replace(PHONE, REDACTED)
}

/** An address without them, without name and password before its host, and without the values of private parameters. */
export function scrubUrl(url: string): string {
  let bare = url.replace(SECRET_AFTER, (_, word: string) => `/${word}/${REDACTED}`)
  if (url.includes('@')) bare = bare.replace(/^([a-z][a-z0-9+.-]{0,30}:\/\/)[^/?#@]{0,1000}@/i, '$1')
  if (url.includes('=')) {
    bare = bare.replace(/([?&;#])([^=&;#?]{1,100})=([^&;#?]+)/g, (parameter, mark: string, name: string) =>
      isPrivate(name) ? `${mark}${name}=${REDACTED}` : parameter,
    )
  }
  return scrubText(bare)
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
  for (const [place, digit] of digits.split('').toReversed().entries()) {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
