import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csv, DIALECTS, harmless, type Dialect } from '../../collector/http/csv.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { HOSTILE } from './hostile-cells.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-csv-'))
let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector({ '--visitor-rate': '0', '--address-rate': '0' })
  for (const [n, cell] of HOSTILE.entries()) {
    const campaign = encodeURIComponent(cell.slice(0, 150))
    const touch = `utm_source=${campaign}&utm_medium=${campaign}&utm_campaign=${campaign}`
    const traits = { email: `person${n}@example.com`, name: cell, company: cell, note: cell }
    await collector.send({
      visitor: `v${n}`,
      events: [
        wireEvent('page_view', { url: `https://shop.example/?${touch}`, view: 'v', seq: 0 }, 5_000),
        wireEvent('identify', { properties: { traits } }, 4_000),
      ],
    })
  }
})
afterAll(async () => {
  await collector.close()
  rmSync(folder, { recursive: true, force: true })
})

const read = async (path: string) => {
  const answer = await fetch(collector.url + path, { headers: { Authorization: `Bearer ${ADMIN_KEY}` } })
  expect(answer.status).toBe(200)
  return { type: answer.headers.get('Content-Type'), bytes: Buffer.from(await answer.arrayBuffer()) }
}

interface Shown {
  id: string
  name: string | null
  company: string | null
  score: number
  first_touch: { campaign?: string } | null
}

async function everybody(): Promise<Map<string, Shown>> {
  const { bytes } = await read('/v1/leads.ndjson')
  const lines = bytes.toString().trim().split('\n')
  return new Map(lines.map(line => JSON.parse(line) as Shown).map(lead => [lead.id, lead]))
}

const rowsOf = (bytes: Buffer, dialect: Dialect): Record<string, string>[] =>
  parse(bytes, { columns: true, bom: true, delimiter: dialect === 'excel-eu' ? ';' : ',' })

describe('GET /v1/leads.csv and .ndjson', () => {
  test('have everybody that the list has', async () => {
    const leads = await everybody()
    expect(leads.size).toBe(HOSTILE.length)
    for (const dialect of DIALECTS) {
      const { type, bytes } = await read(`/v1/leads.csv?dialect=${dialect}`)
      expect(type).toContain('text/csv')
      const rows = rowsOf(bytes, dialect)
      expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(leads.keys()))
      for (const row of rows) {
        const lead = leads.get(row['id'] ?? '')
        expect([row['name'], row['company']]).toEqual([harmless(lead?.name ?? ''), harmless(lead?.company ?? '')])
        expect(row['score']).toBe(dialect === 'excel-eu' ? String(lead?.score).replace('.', ',') : String(lead?.score))
      }
    }
  })

  test('take the filters of the list', async () => {
    const { bytes } = await read('/v1/leads.csv?q=person7@example.com')
    expect(rowsOf(bytes, 'rfc4180')).toMatchObject([{ email: 'person7@example.com', stage: 'lead' }])
  })

  test('neutralise what is risky by an apostrophe in front, and change nothing else but line breaks', () => {
    for (const cell of HOSTILE) {
      const plain = cell.replaceAll(/\r\n?/g, '\n')
      expect([plain, `'${plain}`]).toContain(harmless(cell))
    }
    for (const plain of ['Berg & Strand', 'Jansen', 'Marianne', 'Mai Thi', '42', '3M', 'semi;colon', '日本語'])
      expect(harmless(plain)).toBe(plain)
  })

  test('excel-eu: a byte order mark, semicolons, decimal commas, CRLF', () => {
    const { head, lines } = csv(['a', 'b'], 'excel-eu')
    expect(head + lines([['x;y', 1.5]])).toBe('\uFEFFa;b\r\n"x;y";1,5\r\n')
    const plain = csv(['a', 'b'], 'rfc4180')
    expect(plain.head + plain.lines([['say "hi", twice', -1.5]])).toBe('a,b\r\n"say ""hi"", twice",-1.5\r\n')
  })
})

/** Whether LibreOffice is there; a fresh machine installs it in .ci/run. */
function office(): boolean {
  try {
    execFileSync('soffice', ['--version'], { stdio: 'ignore' })
    return true
  } catch (missing) {
    if (process.env['CI']) throw missing
    console.warn('SKIPPED: LibreOffice (soffice) is not installed; CSV cells are not opened in a spreadsheet.')
    return false
  }
}

/** What LibreOffice makes of files: flat spreadsheets, in which a formula says so, and each cell its type. */
async function opened(files: string[], dialect: Dialect): Promise<SheetCell[][][]> {
  // UTF-8, from the first line, whatever looks like a date or a number is one.
  const filter = `Text - txt - csv (StarCalc):${dialect === 'excel-eu' ? 59 : 44},34,76,1,,0,false,true`
  const options = ['--headless', `-env:UserInstallation=file://${folder}/profile`, `--infilter=${filter}`]
  await promisify(execFile)('soffice', [...options, '--convert-to', 'fods', '--outdir', folder, ...files])
  return files.map(file => cellsOf(readFileSync(file.replace(/\.csv$/, '.fods'), 'utf8')))
}

interface SheetCell {
  formula: boolean
  type: string
  text: string
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The cells of a flat spreadsheet, row by row. */
function cellsOf(sheet: string): SheetCell[][] {
  const [table = ''] = /<table:table [\s\S]*?<\/table:table>/.exec(sheet) ?? []
  return [...table.matchAll(/<table:table-row[^>]*>([\s\S]*?)<\/table:table-row>/g)].map(([, row = '']) =>
    [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>([\s\S]*?)<\/table:table-cell>)/g)].flatMap(
      ([, attributes = '', content = '']) => {
        const repeated = Number(/number-columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1)
        const paragraphs = [...content.matchAll(/<text:p[^>]*?(?:\/>|>([\s\S]*?)<\/text:p>)/g)]
        const text = paragraphs.map(([, given = '']) => textOf(given)).join('\n')
        const type = /office:value-type="(\w+)"/.exec(attributes)?.[1] ?? 'none'
        const cell = { formula: attributes.includes('table:formula'), type, text }
        return Array.from({ length: Math.min(repeated, 100) }, () => cell)
      },
    ),
  )
}

const textOf = (xml: string): string =>
  xml
    .replaceAll(/<text:s(?: text:c="(\d+)")?\/>/g, (_, count = '1') => ' '.repeat(Number(count)))
    .replaceAll(/<text:tab\/>/g, '\t')
    .replaceAll(/<text:line-break\/>/g, '\n')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
      name ? (ENTITIES[name] ?? '') : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)),
    )

describe.skipIf(!office())('opened in LibreOffice', () => {
  test.each(DIALECTS)(
    '%s: no cell is a formula, and none has another value than it was given, in any column',
    async dialect => {
      const columns = ['a', 'b', 'c', 'd']
      const rows = HOSTILE.map((_, row) => columns.map((__, column) => HOSTILE[(row + column * 7) % HOSTILE.length]!))
      const { head, lines } = csv(columns, dialect)
      const [made, exported] = [join(folder, `${dialect}.csv`), join(folder, `leads-${dialect}.csv`)]
      writeFileSync(made, head + lines(rows))
      writeFileSync(exported, (await read(`/v1/leads.csv?dialect=${dialect}`)).bytes)
      const leads = await everybody()
      const [[, ...cells] = [], [header = [], ...people] = []] = await opened([made, exported], dialect)

      for (const [index, row] of rows.entries()) {
        const shown = (cells[index] ?? []).slice(0, columns.length)
        expect(shown.map(({ text }) => text)).toEqual(row.map(harmless))
        for (const { formula, type, text } of shown) {
          expect(formula).toBe(false)
          // Only what is written just as the number is may be read as one.
          if (type !== 'string' && type !== 'none') expect([type, text]).toEqual(['float', String(Number(text))])
        }
      }

      const place = (name: string) => header.findIndex(({ text }) => text === name)
      const known = people.filter(row => leads.has(row[0]?.text ?? ''))
      expect(known).toHaveLength(HOSTILE.length)
      for (const row of known) {
        const lead = leads.get(row[0]?.text ?? '')
        expect(row.some(({ formula }) => formula)).toBe(false)
        for (const name of ['name', 'company'] as const)
          expect(row[place(name)]?.text).toBe(harmless(lead?.[name] ?? ''))
        expect(row[place('first_campaign')]?.text).toBe(harmless(lead?.first_touch?.campaign ?? ''))
      }
    },
    60_000,
  )
})
