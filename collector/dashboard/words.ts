import { IntlMessageFormat } from 'intl-messageformat'
import type { Instant } from '../../shared/instant.ts'
import da from './words/da.json' with { type: 'json' }
import en from './words/en.json' with { type: 'json' }
import nb from './words/nb.json' with { type: 'json' }
import nl from './words/nl.json' with { type: 'json' }
import pl from './words/pl.json' with { type: 'json' }

/** A message of the catalogues. English is the one that says which there are. */
export type Word = keyof typeof en

const CATALOGUES = { en, nb, da, nl, pl } as const satisfies Record<string, Record<Word, string>>
export type Language = keyof typeof CATALOGUES

/** In the order in which they are offered, each by its own name. */
export const LANGUAGES: Record<Language, string> = {
  en: 'English',
  nb: 'Norsk',
  da: 'Dansk',
  nl: 'Nederlands',
  pl: 'Polski',
}

const LOCALES: Record<Language, string> = { en: 'en-GB', nb: 'nb-NO', da: 'da-DK', nl: 'nl-NL', pl: 'pl-PL' }

/** Everything that is said to people, in one language and one time zone. */
export interface Words {
  language: Language
  /** IANA name. */
  zone: string
  say(word: Word, values?: Record<string, string | number>): string
  /** A message that may not be there, like the name of an event type; `fallback` when it is not. */
  sayIf(word: string, fallback: string): string
  /** With so many decimals, no more and no less. */
  number(value: number, decimals?: number): string
  /** With a sign, also for zero and above. */
  signed(value: number, decimals?: number): string
  /** A share of 1. */
  percent(share: number, decimals?: number): string
  date(at: Instant): string
  /** Of months as UTC has them. */
  month(at: Instant): string
  dateTime(at: Instant): string
  time(at: Instant): string
  /** `3 days ago`, `in 2 hours`. */
  relative(at: Instant, now: Instant): string
  /** `a, b and c`, or `a, b or c`. */
  list(parts: readonly string[], type: 'conjunction' | 'disjunction'): string
  /** A length of time in milliseconds, in the two largest units: `2 min 5 sec`. */
  duration(milliseconds: number): string
}

const known = new Map<string, Words>()

/** `zone` must be one that `Intl` knows. */
export function wordsIn(language: Language, zone: string): Words {
  const key = `${language} ${zone}`
  const found = known.get(key) ?? createWords(language, zone)
  known.set(key, found)
  return found
}

function createWords(language: Language, zone: string): Words {
  const locale = LOCALES[language]
  const catalogue: Record<string, string> = CATALOGUES[language]
  const messages = new Map<string, IntlMessageFormat>()
  const numbers = new Map<string, Intl.NumberFormat>()
  const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options)
    const format = numbers.get(key) ?? new Intl.NumberFormat(locale, options)
    numbers.set(key, format)
    return format
  }
  const decimal = (decimals: number) => ({ minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone })
  const month = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  return {
    language,
    zone,
    say(word, values) {
      const text = catalogue[word] ?? word
      if (!text.includes('{')) return text
      const message = messages.get(word) ?? new IntlMessageFormat(text, locale, undefined, { ignoreTag: true })
      messages.set(word, message)
      return String(message.format(values))
    },
    sayIf: (word, fallback) => (Object.hasOwn(catalogue, word) ? catalogue[word]! : fallback),
    number: (value, decimals = 0) => numberFormat(decimal(decimals)).format(value),
    signed: (value, decimals = 0) => numberFormat({ ...decimal(decimals), signDisplay: 'exceptZero' }).format(value),
    percent: (share, decimals = 0) => numberFormat({ ...decimal(decimals), style: 'percent' }).format(share),
    date: at => date.format(at),
    month: at => month.format(at),
    dateTime: at => dateTime.format(at),
    time: at => time.format(at),
    relative(at, now) {
      const [amount, unit] = largest(at - now)
      return relative.format(amount, unit)
    },
    list: (parts, type) => new Intl.ListFormat(locale, { type }).format(parts),
    duration(milliseconds) {
      const units = spans(milliseconds).slice(0, 2)
      return units
        .map(([amount, unit]) => numberFormat({ style: 'unit', unit, unitDisplay: 'short' }).format(amount))
        .join(' ')
    },
  }
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const
type Unit = (typeof UNITS)[number][0]

function largest(milliseconds: number): [number, Unit] {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(milliseconds) >= length) ?? UNITS[3]
  return [Math.trunc(milliseconds / size), unit]
}

/** From the largest unit that is not zero on; whole seconds. */
function spans(milliseconds: number): [number, Unit][] {
  let left = Math.max(0, Math.floor(milliseconds / 1_000) * 1_000)
  const all = UNITS.map(([unit, size]): [number, Unit] => {
    const amount = Math.floor(left / size)
    left -= amount * size
    return [amount, unit]
  })
  const found = all.filter(([amount]) => amount > 0)
  return found.length > 0 ? found : [[0, 'second']]
}

/** The language that a browser asks for first, of those there are; English when it asks for none of them. */
export function languageFor(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map(part => {
      const [tag = '', weight] = part.trim().split(/;\s*q=/)
      return { tag: tag.toLowerCase().split('-')[0]!, weight: weight === undefined ? 1 : Number(weight) || 0 }
    })
    .toSorted((a, b) => b.weight - a.weight)
  for (const { tag, weight } of wanted) {
    const language = tag === 'no' || tag === 'nn' ? 'nb' : tag
    if (weight > 0 && Object.hasOwn(LANGUAGES, language)) return language as Language
  }
  return 'en'
}
