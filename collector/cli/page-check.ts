import { createHash } from 'node:crypto'
import type { Site } from '../../shared/site.ts'

/** Something about the installation on a page. */
export interface Finding {
  /** An error keeps events from counting; a warning may; a note is as it should be. */
  level: 'error' | 'warning' | 'note'
  code: string
  message: string
}

/** A page as it was fetched. */
export interface Page {
  /** After redirects. */
  url: URL
  html: string
  /** Values of its Content-Security-Policy headers. */
  policies: string[]
}

export interface CheckParts {
  page: Page
  siteByWriteKey: (key: string) => Promise<Site | null>
  /** Where this collector is reached, if that is set. */
  publicUrl: string | null
  /** The script that the page names. */
  fetchScript: (url: URL) => Promise<{ status: number; type: string; body: Uint8Array } | { failed: string }>
}

type Attributes = Record<string, string>

/** What is wrong with, or to be known of, the installation on a page. */
export async function checkPage({ page, siteByWriteKey, publicUrl, fetchScript }: CheckParts): Promise<Finding[]> {
  const findings: Finding[] = []
  const tell = (level: Finding['level'], code: string, message: string) => void findings.push({ level, code, message })
  const html = page.html.replaceAll(/<!--[\s\S]*?-->/g, '')
  const scripts = tags(html, 'script').filter(({ src }) => src !== undefined && SCRIPT.test(src))
  const [tag] = scripts
  if (!tag) {
    const isQuoted =
      page.html !== html && tags(page.html, 'script').some(({ src }) => src !== undefined && SCRIPT.test(src))
    const where = isQuoted ? 'The snippet stands in a comment' : 'No snippet in the page as it is served'
    tell(
      'error',
      'snippet_missing',
      `${where}. If a tag manager or a bundle adds it, look in the browser's network panel for leadlight.`,
    )
    return findings
  }
  if (scripts.length > 1)
    tell(
      'warning',
      'snippet_twice',
      `The snippet is there ${scripts.length} times; once is enough. Only the first one runs.`,
    )

  const script = URL.parse(tag['src'] ?? '', page.url.href)
  if (!script) {
    tell('error', 'script_address', `The script's address is none: ${tag['src']}`)
    return findings
  }
  if (publicUrl !== null && script.origin !== new URL(publicUrl).origin)
    tell(
      'error',
      'wrong_host',
      `The script comes from ${script.origin}, this collector is ${new URL(publicUrl).origin}.`,
    )
  if (page.url.protocol === 'https:' && script.protocol === 'http:')
    tell(
      'error',
      'mixed_content',
      'The page is served by https and the script by http: browsers block it. Serve the collector by https.',
    )

  const key = tag['data-site'] ?? script.searchParams.get('site')
  const site = key ? await siteByWriteKey(key) : null
  if (!key) tell('error', 'key_missing', 'The tag has no data-site="wk_…".')
  else if (!site)
    tell(
      'error',
      'unknown_key',
      `data-site="${key}" is no write key of this collector. List them with: leadlight site list`,
    )
  else {
    tell('note', 'site', `Site ${site.id}, "${site.name}".`)
    if (!site.origins.includes(page.url.origin))
      tell(
        'error',
        'origin_not_allowed',
        `${page.url.origin} is no origin of the site (${site.origins.join(', ') || 'it has none'}): its events are kept, but worth nothing.`,
      )
  }

  const metas = tags(html, 'meta').filter(meta => meta['http-equiv']?.toLowerCase() === 'content-security-policy')
  for (const policy of [...page.policies, ...metas.map(meta => meta['content'] ?? '')]) {
    if (!allows(policy, 'script-src', script, page.url, tag))
      tell('error', 'csp_script', `The content security policy blocks the script: add ${script.origin} to script-src.`)
    if (!allows(policy, 'connect-src', script, page.url, {}))
      tell(
        'error',
        'csp_connect',
        `The content security policy blocks what the script sends: add ${script.origin} to connect-src.`,
      )
  }

  const answer = await fetchScript(script)
  if ('failed' in answer) tell('error', 'script_unreachable', `${script.href} cannot be reached: ${answer.failed}`)
  else if (answer.status !== 200) tell('error', 'script_unreachable', `${script.href} answers ${answer.status}.`)
  else if (!/javascript/.test(answer.type))
    tell('error', 'script_type', `${script.href} is no script, but ${answer.type || 'of no type'}.`)
  else if (tag['integrity'] && !isIntact(tag['integrity'], answer.body))
    tell('error', 'integrity', 'The integrity attribute is that of another version of the script: browsers refuse it.')
  if (tag['data-consent'] === 'required')
    tell('note', 'consent_required', 'Nothing is sent until the page calls leadlight.consent("granted").')
  return findings
}

const SCRIPT = /(?:^|\/)leadlight(?:\.[0-9a-f]{12})?\.m?js(?:[?#]|$)/

/** Tags of a name, by their attributes; entities in them are read, as far as addresses have any. */
function tags(html: string, name: string): Attributes[] {
  const found = html.matchAll(new RegExp(`<${name}\\b((?:[^>"']|"[^"]*"|'[^']*')*)>`, 'gi'))
  return Array.from(found, ([, text = '']) =>
    Object.fromEntries(
      Array.from(
        text.matchAll(/([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g),
        ([, attribute = '', ...values]) => [
          attribute.toLowerCase(),
          (values.find(value => value !== undefined) ?? '').replaceAll('&amp;', '&').trim(),
        ],
      ),
    ),
  )
}

/** Whether a policy lets a page load, or connect to, an address (https://www.w3.org/TR/CSP3/#match-url-to-source-list). */
function allows(policy: string, directive: string, target: URL, page: URL, tag: Attributes): boolean {
  const lists = new Map(
    policy.split(';').map(part => {
      const [name = '', ...sources] = part.trim().split(/\s+/)
      return [name.toLowerCase(), sources] as const
    }),
  )
  const names =
    directive === 'script-src' ? ['script-src-elem', 'script-src', 'default-src'] : [directive, 'default-src']
  const sources = names.map(name => lists.get(name)).find(list => list !== undefined)
  if (!sources) return true
  if (tag['nonce'] && sources.includes(`'nonce-${tag['nonce']}'`)) return true
  if (tag['integrity'] && sources.includes(`'${tag['integrity']}'`)) return true
  if (directive === 'script-src' && sources.includes("'strict-dynamic'")) return false
  return sources.some(source => matches(source, target, page))
}

function matches(source: string, target: URL, page: URL): boolean {
  if (source === '*') return /^(?:https?|wss?):$/.test(target.protocol)
  if (source === "'self'") return target.origin === page.origin
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source))
    return target.protocol === source.toLowerCase() || (source === 'http:' && target.protocol === 'https:')
  const [, scheme, host = '', port, path] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^:/*]+)(?::(\d+|\*))?(\/.*)?$/i.exec(source) ?? []
  if (host === '') return false
  const wanted = scheme ?? page.protocol.replace(':', '')
  if (target.protocol !== `${wanted}:` && !(wanted === 'http' && target.protocol === 'https:')) return false
  const isHost =
    host === '*' ||
    (host.startsWith('*.')
      ? target.hostname.endsWith(host.slice(1).toLowerCase())
      : target.hostname === host.toLowerCase())
  const standard = target.protocol === 'https:' ? '443' : '80'
  const isPort = port === '*' || (port ?? standard) === (target.port || standard)
  const isPath =
    path === undefined || (path.endsWith('/') ? target.pathname.startsWith(path) : target.pathname === path)
  return isHost && isPort && isPath
}

const isIntact = (integrity: string, body: Uint8Array): boolean =>
  integrity.split(/\s+/).some(wanted => {
    const [algorithm = '', digest] = wanted.split(/-(.*)/s)
    return /^sha(?:256|384|512)$/.test(algorithm) && createHash(algorithm).update(body).digest('base64') === digest
  })
