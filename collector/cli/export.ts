import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { stringify } from 'csv-stringify/sync'
import { Refusal } from '../../shared/refusal.ts'
import { COLUMNS, toCell } from '../ingest/line-csv.ts'
import { lineView } from '../ingest/own-line.ts'
import type { Line } from '../store/transfer.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'
import { formatOf } from './import.ts'
import { progress } from './progress.ts'
import { whichSite } from './which-site.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'FILE [--site ID] [--format ndjson|csv]',
  summary: 'Writes everything of a site, one a line, as import takes it; - is standard output.',
  flags: {
    '--site': { meaning: 'id of the site; the only one by default' },
    '--format': { meaning: 'ndjson or csv; by default what the name of the file ends in, else ndjson' },
  },
  async run({ words, flag, config, print }) {
    const [file, ...more] = words
    if (file === undefined || more.length > 0)
      throw new Refusal('invalid', 'Name one file, or - for standard output: leadlight export FILE --site ID')
    const asText = TEXTS[formatOf(file, flag('--format'))]
    return withStore(config, async store => {
      const site = await whichSite(store, flag('--site'))
      const { persons, events } = await store.census(site.id)
      const bar = progress('export', persons + events)
      const out = file === '-' ? process.stdout : createWriteStream(file)
      let lines = 0
      for await (const part of store.lines(site.id)) {
        if (!out.write(asText(part, lines === 0))) await once(out, 'drain')
        lines += part.length
        bar.at(Math.min(lines, persons + events), { lines })
      }
      if (out !== process.stdout) await finished(out.end())
      bar.end(persons + events, { lines })
      if (file !== '-') print(`${lines} lines of ${site.name} are in ${file}.`)
      return 0
    })
  },
}

const TEXTS = {
  ndjson: (lines: Line[]) => lines.map(line => `${JSON.stringify(lineView(line))}\n`).join(''),
  csv: (lines: Line[], first: boolean) =>
    (first ? stringify([[...COLUMNS]], { record_delimiter: 'windows' }) : '') +
    stringify(
      lines.map(line => {
        const view = lineView(line)
        return COLUMNS.map(column => toCell(view[column]))
      }),
      { record_delimiter: 'windows' },
    ),
}
