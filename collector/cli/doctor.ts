import { SECOND } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { Command } from './command.ts'
import { withStore } from './database.ts'
import { checkPage, type CheckParts, type Finding, type Page } from './page-check.ts'

const MARK: Record<Finding['level'], string> = { error: '✗', warning: '!', note: '·' }
/** Bytes of a page that are looked at. */
const MAX_PAGE = 8 * 1024 * 1024

export const doctor: Command = {
  name: 'doctor',
  usage: 'URL [--json]',
  summary:
    'Fetches a page, and the script that it names, and says what is wrong with the installation; exit code 1 if anything is.',
  flags: { '--json': { meaning: 'prints { url, ok, findings: [{ level, code, message }] }', toggle: true } },
  async run({ words, flag, config, print }) {
    const [given, ...more] = words
    const url = given === undefined ? null : URL.parse(given)
    if (!url || !/^https?:$/.test(url.protocol) || more.length > 0)
      throw new Refusal('invalid', 'Name one page: leadlight doctor https://shop.example/')
    const page = await fetchPage(url)
    const findings =
      'html' in page
        ? await withStore(config, store =>
            checkPage({ page, siteByWriteKey: store.siteByWriteKey, publicUrl: config.publicUrl, fetchScript }),
          )
        : [page]
    const ok = findings.every(({ level }) => level !== 'error')
    if (flag('--json') !== undefined) print(JSON.stringify({ url: url.href, ok, findings }))
    else {
      for (const { level, message } of findings) print(`${MARK[level]} ${message}`)
      print(ok ? 'The installation is as it should be.' : 'Events of this page do not count as they should.')
    }
    return ok ? 0 : 1
  },
}

async function fetchPage(url: URL): Promise<Page | Finding> {
  const failed = (message: string): Finding => ({ level: 'error', code: 'page_unreachable', message })
  try {
    const answer = await fetch(url, { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(20 * SECOND) })
    if (!answer.ok) return failed(`${url.href} answers ${answer.status}.`)
    const type = answer.headers.get('Content-Type') ?? ''
    if (!/html/.test(type)) return failed(`${url.href} is no page, but ${type || 'of no type'}.`)
    const html = (await answer.text()).slice(0, MAX_PAGE)
    const policies = answer.headers.get('Content-Security-Policy')?.split(',') ?? []
    return { url: new URL(answer.url), html, policies }
  } catch (error) {
    return failed(`${url.href} cannot be reached: ${reasonOf(error)}`)
  }
}

const fetchScript: CheckParts['fetchScript'] = async url => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(20 * SECOND) })
    const body = new Uint8Array(await answer.arrayBuffer())
    return { status: answer.status, type: answer.headers.get('Content-Type') ?? '', body }
  } catch (error) {
    return { failed: reasonOf(error) }
  }
}

/** What fetch means by “fetch failed”. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || ((cause as NodeJS.ErrnoException).code ?? message) : message
}
