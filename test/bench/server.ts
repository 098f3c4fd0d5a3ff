// One server under test, in a process of its own: `echo` or `collector`. Answers each message with its CPU time so far.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { readConfig } from '../../collector/config.ts'
import { startCollector } from '../../collector/main.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
process.once('disconnect', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit()
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system })
})

if (process.argv[2] === 'echo') {
  const app = new Hono().post('/e', async c => c.text(await c.req.text()))
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
    process.send?.({ url: `http://127.0.0.1:${port}`, key: '' })
  })
} else {
  const { url, site } = await startCollector(
    readConfig({}, { '--port': '0', '--database-url': `file:${folder}/bench.db` }),
    {
      clock: Date.now,
      log: fault => process.stderr.write(`${String(fault)}\n`),
      onFailure: fault => process.stderr.write(`${String(fault)}\n`),
    },
  )
  process.send?.({ url, key: site.writeKey })
}
