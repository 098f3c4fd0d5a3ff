import { once } from 'node:events'
import { Refusal } from '../../shared/refusal.ts'
import { startCollector, type Collector } from '../main.ts'
import { installation } from '../http/site.ts'
import type { Command } from './command.ts'
import { firstEvent } from './first-event.ts'
import { createLog } from './log.ts'
import type { Config } from '../config.ts'

export const serve: Command = {
  name: 'serve',
  usage: '[--port N] [--demo]',
  summary: 'Opens or creates the database and listens.',
  flags: {},
  async run({ words, config, print }) {
    if (words.length > 0) throw new Refusal('invalid', `serve takes flags only, not ${JSON.stringify(words[0])}.`)
    const failure = Promise.withResolvers<number>()
    const log = createLog(config.logLevel)
    const collector = await startCollector(config, {
      clock: Date.now,
      log: log.fault,
      trace: config.logLevel === 'debug' ? log.request : undefined,
      onFailure: error => {
        log.fault(error)
        failure.resolve(1)
      },
      observe: firstEvent(print),
    })
    // Before anybody is told that it runs, and may stop it.
    const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => 0)
    print(welcome(collector, config))
    log.info('listening')
    const code = await Promise.race([stopped, failure.promise])
    log.info('stopping')
    await collector.close()
    log.info('stopped')
    return code
  },
}

function welcome({ url, site, firstKey, loginLink }: Collector, config: Config): string {
  const lines = [
    '',
    `  Dashboard   ${loginLink ?? url}`,
    ...(config.demo ? [`  Demo shop   ${url}/demo`] : []),
    `  API         ${url}/v1/leads?stage=mql`,
    `  Database    ${config.databaseUrl}`,
    '',
    ...(loginLink === null
      ? []
      : ['  The dashboard link works once: set a password there. Another one: leadlight login', '']),
    ...(firstKey === null ? [] : [`  First start: made site ${site.id}, "${site.name}".`, '']),
    '  Snippet, for every page of your site:',
    `  ${installation(site, url).snippet}`,
    '',
  ]
  if (firstKey !== null) {
    lines.push(
      '  Secret key with scope read, shown only now:',
      `  ${firstKey}`,
      '',
      '  Ask who is warm:',
      `  curl -H "Authorization: Bearer ${firstKey}" "${url}/v1/leads?stage=mql"`,
      '',
    )
  }
  lines.push(config.demo ? `  Waiting for the first event. Open ${url}/demo …` : '  Waiting for the first event …', '')
  return lines.join('\n')
}
