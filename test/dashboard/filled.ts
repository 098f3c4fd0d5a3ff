import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fill } from '../../collector/demo/fill.ts'
import { addSite } from '../../collector/http/site.ts'
import { openStore } from '../../collector/store/open.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { testCollector, type TestCollector } from '../collector.ts'

/** A whole collector with a month of the demo's visitors. */
export async function filledCollector(visitors = 220): Promise<TestCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  const url = `file:${folder}/filled.db`
  let made = 0
  const newId = () =>
    uuidv7(
      Date.now(),
      Uint8Array.from({ length: 10 }, (_, byte) => (++made * 31 + byte) % 251),
    )
  const store = await openStore(url, { newId })
  const { id } = await addSite(store, { name: 'Skumring', origins: [], starter: 'shop' }, Date.now())
  await fill(store, { site: id, now: Date.now(), visitors })
  await store.close()
  const collector = await testCollector({ '--database-url': url })
  return {
    ...collector,
    async close() {
      await collector.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
