// A run of the write path, in a process whose disk remembers: group commit, writing thread and store, as the collector
// has them. Each acknowledgement is a line in a file on the same disk, so that its place among the writes is known.
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { groupCommit } from '../../collector/ingest/group.ts'
import { startWriter } from '../../collector/ingest/writer.ts'
import { openStore } from '../../collector/store/open.ts'
import { arrivalOf, MODEL, SITE } from './arrivals.ts'

const [folder = '', groups = '0'] = process.argv.slice(2)
const url = `file:${join(folder, 'data', 'leadlight.db')}`
const acknowledgements = openSync(join(folder, 'acknowledged'), 'w')

let offered = 0
// Twice, so that a clean end and a new WAL are among the boundaries.
for (const session of [0, 1]) {
  const store = await openStore(url, { newId: () => crypto.randomUUID() })
  if (session === 0) await store.addSite(SITE, MODEL)
  const writer = await startWriter(url, error => {
    throw error
  })
  const { commit } = groupCommit({ write: arrivals => writer.record(arrivals, Date.now()), probe: writer.probe })
  for (let group = 0; group < Number(groups) / 2; group++) {
    const sizes = Array.from({ length: 1 + (group % 3) }, (_, i) => 1 + ((group + i) % 5))
    await Promise.all(
      sizes.map(async size => {
        const first = offered
        offered += size
        await commit(arrivalOf(first, size), 1_000)
        writeSync(acknowledgements, `${first + size}\n`)
      }),
    )
  }
  await writer.close()
  await store.close()
}
