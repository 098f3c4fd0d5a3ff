import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkPage } from '../../collector/cli/page-check.ts'

const SCRIPT = Buffer.from('window.leadlight')
const integrity = `sha384-${createHash('sha384').update(SCRIPT).digest('base64')}`
const HOST = 'https://leads.example'
const site = {
  id: 1,
  name: 'Shop',
  writeKey: 'wk_right',
  origins: ['https://shop.example'],
  createdAt: 0,
  followUpHours: 24,
  retentionDays: null,
  retentionConfirm: null,
}
const snippet = (more = '', src = `${HOST}/leadlight.js`) =>
  `<script async src="${src}" data-site="wk_right" ${more}></script>`

interface Case {
  html?: string
  policy?: string
  url?: string
  publicUrl?: string | null
  answer?: { status: number; type: string; body: Uint8Array } | { failed: string }
}

async function codes({ html = snippet(), policy, url = 'https://shop.example/', publicUrl = HOST, answer }: Case) {
  const found = await checkPage({
    page: {
      url: new URL(url),
      html: `<html><head>${html}</head></html>`,
      policies: policy === undefined ? [] : [policy],
    },
    siteByWriteKey: async key => (key === site.writeKey ? site : null),
    publicUrl,
    fetchScript: async () => answer ?? { status: 200, type: 'text/javascript; charset=utf-8', body: SCRIPT },
  })
  return found.filter(({ code }) => code !== 'site').map(({ code }) => code)
}

test.each<[string, Case, string[]]>([
  ['as it should be', {}, []],
  [
    'unquoted, in capitals, with an entity',
    { html: `<SCRIPT src=${HOST}/leadlight.js?a=1&amp;site=wk_right></SCRIPT>` },
    [],
  ],
  ['no snippet', { html: '<script src="/other.js"></script>' }, ['snippet_missing']],
  ['in a comment', { html: `<!-- ${snippet()} -->` }, ['snippet_missing']],
  ['twice', { html: snippet() + snippet() }, ['snippet_twice']],
  ['no key', { html: `<script src="${HOST}/leadlight.js"></script>` }, ['key_missing']],
  ['the key in the address', { html: `<script src="${HOST}/leadlight.js?site=wk_right"></script>` }, []],
  ['another key', { html: snippet().replace('wk_right', 'wk_wrong') }, ['unknown_key']],
  ['another host', { html: snippet('', 'https://other.example/leadlight.js') }, ['wrong_host']],
  ['any host, where none is set', { html: snippet('', 'https://other.example/leadlight.js'), publicUrl: null }, []],
  [
    'http on https',
    { html: snippet('', 'http://leads.example/leadlight.js'), publicUrl: 'http://leads.example' },
    ['mixed_content'],
  ],
  ['a page of another origin', { url: 'https://www.shop.example/' }, ['origin_not_allowed']],
  ['consent is waited for', { html: snippet('data-consent="required"') }, ['consent_required']],
  ['a version by its hash', { html: snippet(`integrity="${integrity}"`, `${HOST}/leadlight.0123456789ab.js`) }, []],
  ['the hash of another version', { html: snippet('integrity="sha384-AAAA"') }, ['integrity']],
  ['unreachable', { answer: { failed: 'connect ECONNREFUSED' } }, ['script_unreachable']],
  ['not there', { answer: { status: 404, type: 'text/html', body: SCRIPT } }, ['script_unreachable']],
  ['something else', { answer: { status: 200, type: 'text/html', body: SCRIPT } }, ['script_type']],
  ['a policy that allows it', { policy: `script-src 'self' ${HOST}; connect-src ${HOST}` }, []],
  ['a policy by scheme and wildcard', { policy: 'default-src https:; connect-src *.example' }, []],
  ['a policy that blocks both', { policy: "default-src 'self'" }, ['csp_script', 'csp_connect']],
  ['a policy that blocks what is sent', { policy: `script-src ${HOST}; connect-src 'self'` }, ['csp_connect']],
  [
    'a policy in the page',
    { html: `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">${snippet()}` },
    ['csp_script'],
  ],
  ['a nonce', { html: snippet('nonce="n1"'), policy: `script-src 'nonce-n1' 'strict-dynamic'; connect-src *` }, []],
  ['strict-dynamic without one', { policy: `script-src 'strict-dynamic' ${HOST}` }, ['csp_script']],
  ['a policy with another port', { policy: `script-src ${HOST}:8443 'unsafe-inline'` }, ['csp_script']],
])('%s', async (_, given, expected) => {
  expect(await codes(given)).toEqual(expected)
})
