import { stringify } from 'csv-stringify/sync'

/** How a file is written: RFC 4180, or as Excel opens it without asking in most of Europe. */
export const DIALECTS = ['rfc4180', 'excel-eu'] as const
export type Dialect = (typeof DIALECTS)[number]

/** What stands in a cell. Texts are strangers' words; an instant is a `Date`. */
export type Cell = string | number | Date | null

export interface Csv {
  /** Of all lines that follow. */
  head: string
  lines: (rows: readonly (readonly Cell[])[]) => string
}

/** Excel reads UTF-8 only after a byte order mark and, where commas stand in numbers, expects semicolons between cells. */
export function csv(columns: readonly string[], dialect: Dialect): Csv {
  const european = dialect === 'excel-eu'
  const lines = (rows: readonly (readonly Cell[])[]): string =>
    stringify(
      rows.map(row => row.map(cell => written(cell, european))),
      { delimiter: european ? ';' : ',', record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
    )
  return { head: (european ? '\uFEFF' : '') + lines([columns]), lines }
}

function written(cell: Cell, european: boolean): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return european ? String(cell).replace('.', ',') : String(cell)
  if (typeof cell === 'string') return harmless(cell)
  const text = cell.toISOString()
  return european ? text.slice(0, 19).replace('T', ' ') : text
}

/** What begins a formula: https://owasp.org/www-community/attacks/CSV_Injection; the wide forms do so in East Asian Excel. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u
/** Nothing but digits and what stands between them: a number, a date, a time, a sum of money. Plain whole numbers stay what they are. */
const NUMERIC = /^(?=.*\d)[\d\s.,:;/\\'’´`"()*^#$€£¥%°+\-–—]*(e[+-]?\d+)?[\d\s.,%]*$/iu
const PLAIN = /^(0|[1-9]\d{0,14})$/
/** Words for truth, and what begins or ends with the name of a month: spreadsheets make values and dates of them. */
const WORDS = /^\s*(true|false|wahr|falsch|sann|usann|sand|falsk|waar|onwaar|prawda|fałsz)\s*$/iu
const MONTHS =
  /^\s*(\d{1,4}[\s./-]*)?(jan|feb|mar|mrt|apr|mai|maj|may|mei|jun|jul|aug|sep|okt|oct|nov|des|dec|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru)\p{L}*\.?([\s./-]*\d{1,4})+\s*$|^\s*\d{1,4}[\s./-]*(jan|feb|mar|mrt|apr|mai|maj|may|mei|jun|jul|aug|sep|okt|oct|nov|des|dec|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru)\p{L}*\.?([\s./-]*\d{1,4})?\s*$/iu
/** What a file of text cannot hold. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g

/**
 * A text that stays one: whatever a spreadsheet would take for a formula, a number, a date or a truth value gets an
 * apostrophe in front, by which spreadsheets have always marked texts.
 */
export function harmless(text: string): string {
  const plain = text.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROLS, '\uFFFD')
  const isRisky =
    FORMULA.test(plain) || (NUMERIC.test(plain) && !PLAIN.test(plain)) || WORDS.test(plain) || MONTHS.test(plain)
  return isRisky ? `'${plain}` : plain
}
