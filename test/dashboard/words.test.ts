import { readFileSync } from 'node:fs'
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, languageFor, wordsIn, type Language } from '../../collector/dashboard/words.ts'

const languages = Object.keys(LANGUAGES) as Language[]
const catalogue = (language: Language) =>
  JSON.parse(
    readFileSync(new URL(`../../collector/dashboard/words/${language}.json`, import.meta.url), 'utf8'),
  ) as Record<string, string>
const english = catalogue('en')

/** The names that a message is given, with how it uses them. */
function names(elements: MessageFormatElement[]): string[] {
  return elements.flatMap(element => {
    if (element.type === TYPE.plural || element.type === TYPE.select)
      return [element.value, ...Object.values(element.options).flatMap(({ value }) => names(value))]
    return element.type === TYPE.literal || element.type === TYPE.pound ? [] : ['value' in element ? element.value : '']
  })
}
const named = (message: string): string[] => [...new Set(names(parse(message)))].toSorted()

describe.each(languages)('the catalogue %s', language => {
  const own = catalogue(language)

  test('has the keys of the others, in their order', () => {
    expect(Object.keys(own)).toEqual(Object.keys(english))
  })

  test('says nothing empty, and every message is given what the English one is given', () => {
    for (const [key, message] of Object.entries(own)) {
      expect(message.trim(), key).not.toBe('')
      expect(named(message), key).toEqual(named(english[key]!))
    }
  })

  test('has every plural form of its language', () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const [key, message] of Object.entries(own))
      for (const element of parse(message))
        if (element.type === TYPE.plural)
          expect(
            Object.keys(element.options)
              .filter(form => !form.startsWith('='))
              .toSorted(),
            key,
          ).toEqual(pluralCategories.toSorted())
  })
})

test('Polish counts people as Poles do', () => {
  const { say } = wordsIn('pl', 'Europe/Warsaw')
  const counted = [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 102, 112, 1_000].map(count =>
    say('leads.count', { count }).replaceAll('\u00a0', ' '),
  )
  expect(counted).toEqual([
    '0 osób',
    '1 osoba',
    '2 osoby',
    '4 osoby',
    '5 osób',
    '11 osób',
    '12 osób',
    '14 osób',
    '21 osób',
    '22 osoby',
    '25 osób',
    '101 osób',
    '102 osoby',
    '112 osób',
    '1000 osób',
  ])
})

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de-DE,fr;q=0.9', 'en'],
  ['nb-NO,nb;q=0.9,en;q=0.8', 'nb'],
  ['no', 'nb'],
  ['nn-NO', 'nb'],
  ['de;q=0.9, pl;q=0.8, en;q=0.7', 'pl'],
  ['en;q=0.1, da', 'da'],
  ['nl;q=0, en', 'en'],
  ['x'.repeat(100_000), 'en'],
])('Accept-Language %s is answered in %s', (header, language) => {
  expect(languageFor(header)).toBe(language)
})

test('numbers, shares and times are written as each country does', () => {
  const at = Date.UTC(2026, 10, 22, 12, 30)
  const said = languages.map(language => {
    const words = wordsIn(language, 'Europe/Oslo')
    return [words.number(1234.5, 1), words.percent(0.125, 1), words.time(at)].map(text =>
      text.replaceAll(/[\u00a0\u202f]/g, ' '),
    )
  })
  expect(said).toEqual([
    ['1,234.5', '12.5%', '13:30'],
    ['1 234,5', '12,5 %', '13:30'],
    ['1.234,5', '12,5 %', '13.30'],
    ['1.234,5', '12,5%', '13:30'],
    ['1234,5', '12,5%', '13:30'],
  ])
})
