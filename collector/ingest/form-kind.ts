import type { Json, Properties } from '../../shared/json.ts'

/** A form's field or button, as the script describes it. */
export interface Field {
  name: string
  /** `text`, `email`, `textarea`, `select-one`, `submit` … */
  type: string
  /** The text beside it, or on it. Empty for radio buttons and checkboxes, whose labels are answers. */
  label: string
}

/**
 * Words by which forms of a kind are known, in English, Norwegian, Danish, Dutch and Polish, as `plain` writes them: lower
 * case, ASCII, one space between words. Where two kinds fit equally well, the first one is meant.
 */
const KINDS: readonly (readonly [kind: string, words: RegExp])[] = [
  [
    'password_reset',
    /\b(forgot(ten)?|reset (my )?password|recover|lost password|glemt|nullstill|nulstil|wachtwoord (vergeten|herstellen|resetten)|przypomnij|zresetuj|odzyskaj)\b/,
  ],
  ['login', /\b(log ?in|log ?on|sign ?in|logg inn|innlogging|log ind|inloggen|zaloguj|logowanie)\b/],
  ['search', /\b(search|searchform|find|sok|soek|soge?|zoek(en)?|szukaj|wyszukaj|wyszukiwanie)\b/],
  [
    'checkout',
    /\b(check ?out|place order|pay now|billing|til betaling|fullfor (kjop|bestilling)|gennemfor kob|afgiv ordre|afrekenen|bestelling plaatsen|betalen|zloz zamowienie|zamawiam|kupuje i place)\b/,
  ],
  [
    'application',
    /\b(job application|apply (now|for)|resume|curriculum|soknad|sok (pa )?(jobb|stilling)|ansogning|ansog|sollicit\w+|aplikuj|aplikacja|rekrutacja)\b/,
  ],
  ['comment', /\b(comments?|commentform|leave a reply|kommentar(er)?|reactie|reageren?|komentarz|skomentuj)\b/],
  [
    'demo',
    /\b(demos?|demo ?request|requestdemo|bookdemo|product tour|demonstrasjon|demonstration|demonstratie|prezentacj\w+|pokaz)\b/,
  ],
  ['proposal', /\b(proposals?|rfp|voorstel|propozycj\w+|losningsforslag)\b/],
  [
    'purchase_info',
    /\b(purchas(e|ing) info(rmation)?|buying info(rmation)?|how to buy|where to buy|kjopsinformasjon|kobsinformation|aankoopinformatie|informacj\w+ o zakupie)\b/,
  ],
  [
    'quote',
    /\b(quotes?|quotation|estimates?|(request|get) (a )?(price|pricing)|pristilbud|tilbud|prisoverslag|prisforesporsel|offerte|offerteaanvraag|prijsopgave|wycen\w*|ofert\w+)\b/,
  ],
  [
    'loyalty',
    /\b(loyalty|rewards?|customer club|kundeklubb?|fordels(klubb?|program|kort)|klantenkaart|spaarprogramma|program lojalnosciowy|klub klienta)\b/,
  ],
  ['blog', /\b(blog)\b/],
  [
    'newsletter',
    /\b(newsletters?|subscribe|subscription|mailing ?list|mailchimp|mc embedded|get updates|stay (updated|in the loop)|notify me|nyhetsbrev\w*|nyhedsbrev\w*|abonner|meld (deg|meg) pa|tilmeld\w*|hold (meg|mig) (oppdatert|opdateret)|nieuwsbrief|abonneer|abonneren|schrijf (je|me|u) in|inschrijven|biuletyn|zapisz (sie|mnie)|zapisuje sie|subskrybuj)\b/,
  ],
  [
    'registration',
    /\b(create (an |my )?account|register|registration|opprett (en )?konto|registrer\w*|opret (en )?konto|account aanmaken|registreren|zarejestruj|rejestracja|zaloz konto)\b/,
  ],
  [
    'contact',
    /\b(contact(form|us)?|get in touch|(send|your) (us )?(a )?(message|enquiry|inquiry)|enquir(y|ies)|inquir(y|ies)|kontakt(skjema|formular|formularz)?|ta kontakt|henvendelse|(send|din) (melding|besked)|melding|besked|bericht|(verstuur|stuur) (een )?bericht|vraag|wiadomosc|(wyslij|twoja) wiadomosc|zapytanie|napisz do nas)\b/,
  ],
]

/** How much a word says, by where it stands. */
const ON_BUTTON = 4
const ON_FORM = 3
const ON_FIELD = 2

const CHOICES = ['radio', 'checkbox']
const BUTTONS = ['submit', 'image']
const UNTOLD = ['button', 'reset']

/** Kinds whose form asks for more than an address, except where its button says otherwise. */
const ELABORATE = ['contact', 'quote', 'proposal', 'purchase_info', 'comment', 'application', 'checkout']

/** Words of sending that say nothing of what is sent: with one field for an address, that is a newsletter. */
const JOIN =
  /\b(sign ?up|join|submit|send( inn)?|ok|go|registrer|bli med|pameld\w*|aanmelden|verstuur|zapisz|dolacz|wyslij)\b/

/** What a form is for, from what its fields and buttons are called; `undefined` when that does not tell. */
export function recogniseForm(fields: readonly Field[], form: Properties): string | undefined {
  const buttons = fields
    .filter(({ type }) => BUTTONS.includes(type))
    .map(({ label, name }) => plain(`${label} ${name}`))
  const inputs = fields.filter(({ type }) => ![...BUTTONS, ...UNTOLD, ...CHOICES].includes(type))
  const called = ['form_id', 'form_name', 'form_destination'].map(name => plain(pathOf(form[name])))
  const beside = inputs.map(({ name, label }) => plain(`${name} ${label}`))
  const asksFor = {
    address: inputs.some(({ type }, index) => type === 'email' || /\be ?(mail|post)\b/.test(beside[index]!)),
    text: inputs.some(({ type }) => type === 'textarea'),
    search: inputs.some(({ type, name }) => type === 'search' || /^(q|s|query|search)$/.test(name)),
  }

  let best: { kind: string; points: number } | undefined
  for (const [kind, words] of KINDS) {
    const says = (texts: string[]) => texts.some(text => words.test(text))
    const told = says(buttons)
    if (!told && inputs.length < 2 && ELABORATE.includes(kind)) continue
    if (kind === 'search' && !asksFor.search && inputs.length > 1) continue
    if (kind === 'blog' && !(asksFor.address && inputs.length < 3)) continue
    const points = (told ? ON_BUTTON : 0) + (says(called) ? ON_FORM : 0) + (says(beside) ? ON_FIELD : 0)
    if (points > (best?.points ?? 0)) best = { kind, points }
  }
  // A field called “message” alone may stand in any form.
  if (best && (best.points > ON_FIELD || asksFor.text || best.kind !== 'contact')) return best.kind
  if (asksFor.search && inputs.length === 1) return 'search'
  if (asksFor.text && inputs.length > 1) return 'contact'
  if (asksFor.address && inputs.length === 1 && (buttons.length === 0 || buttons.some(text => JOIN.test(text))))
    return 'newsletter'
  return undefined
}

/** `/Contact-us` → `/Contact-us`, `https://shop.example/contact` → `/contact`: a host's name says nothing of its forms. */
const pathOf = (text: Json | undefined): string => (typeof text === 'string' ? (URL.parse(text)?.pathname ?? text) : '')

const LETTERS: Record<string, string> = { ø: 'o', æ: 'ae', å: 'a', ł: 'l', ß: 'ss' }

/** `yourEmail_address` → `your email address`, `Få tilbud på e‑post` → `fa tilbud pa e post`. */
function plain(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[øæåłß]/g, letter => LETTERS[letter]!)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}
