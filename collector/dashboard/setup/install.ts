import { link, type Frame } from '../frame.ts'
import { html, type Html } from '../html.ts'
import { goOn, setUpPage } from './steps.ts'

/** Where a site can be made, by the names that they give themselves. */
export const PLATFORMS = {
  html: 'HTML',
  gtm: 'Google Tag Manager',
  wordpress: 'WordPress',
  shopify: 'Shopify',
  next: 'Next.js',
  npm: 'npm',
  server: 'Server',
} as const
export type Platform = keyof typeof PLATFORMS

export interface Installation {
  isVerified: boolean
  platform: Platform
  /** How browsers reach the collector. */
  url: string
  /** The tag for every page. */
  snippet: string
  csp: string
  /** The tag for exactly this content of the script. */
  pinned: string
}

/** `/setup/install`: what to paste, and where. */
export function installStep(frame: Frame, { isVerified, platform, url, snippet, csp, pinned }: Installation): Html {
  const { words, site } = frame
  const code = codeFor[platform]({ url, key: site.writeKey, snippet })
  return setUpPage(frame, 'install', {
    isVerified,
    scripts: ['copy.js'],
    main: html`
      <section class="card" aria-labelledby="install-title">
        <h2 id="install-title">${words.say('setup.install')}</h2>
        <p class="hint">${words.say('setup.install.text')}</p>
        <nav class="segments-nav" aria-label="${words.say('setup.install.for')}">
          <ul>
            ${Object.entries(PLATFORMS).map(
              ([id, name]) =>
                html`<li>
                  <a
                    href="${link(frame, '/setup/install', { for: id === 'html' ? null : id })}"
                    ${id === platform && html`aria-current="page"`}
                    >${name}</a
                  >
                </li>`,
            )}
          </ul>
        </nav>
        <p class="how">${words.say(`setup.install.${platform}`)}</p>
        ${snippetBox(frame, 'snippet', code)} ${goOn(frame, 'verify')}
      </section>
      <section class="card" aria-labelledby="csp-title">
        <h2 id="csp-title">${words.say('setup.csp')}</h2>
        <p class="hint">${words.say('setup.csp.text')}</p>
        ${snippetBox(frame, 'csp', csp)}
      </section>
      <section class="card" aria-labelledby="sri-title">
        <h2 id="sri-title">${words.say('setup.sri')}</h2>
        <p class="hint">${words.say('setup.sri.text')}</p>
        ${snippetBox(frame, 'pinned', pinned)}
      </section>
    `,
  })
}

/** Code with a button that copies it, where there are scripts. */
export const snippetBox = ({ words }: Frame, id: string, code: string): Html =>
  html`<div class="snippet">
    <pre tabindex="0" role="region" aria-label="${words.say('setup.code')}"><code id="${id}">${code}</code></pre>
    <button type="button" hidden data-copy="${id}" data-copied="${words.say('setup.copied')}">
      ${words.say('setup.copy')}
    </button>
  </div>`

const codeFor: Record<Platform, (given: { url: string; key: string; snippet: string }) => string> = {
  html: ({ snippet }) => snippet,
  // Tag managers take data attributes away.
  gtm: ({ url, key }) => `<script async src="${url}/leadlight.js?site=${key}"></script>`,
  wordpress: ({ url, snippet }) =>
    [
      `add_action('wp_head', function () {`,
      `  echo '${snippet}';`,
      `  if (class_exists('WooCommerce')) {`,
      `    echo '<script async src="${url}/leadlight-woocommerce.js" data-currency="' . get_woocommerce_currency() . '"></script>';`,
      `  }`,
      `});`,
    ].join('\n'),
  shopify: ({ url, key, snippet }) =>
    [
      snippet,
      `<script async src="${url}/leadlight-shopify.js"></script>`,
      ``,
      `// Settings → Customer events → Add custom pixel`,
      `import('${url}/leadlight-shopify-pixel.js').then(({ start }) =>`,
      `  start({ site: '${key}', checkoutOnly: true, analytics, browser, init, customerPrivacy: api.customerPrivacy }),`,
      `)`,
    ].join('\n'),
  next: ({ url, key }) =>
    `import Script from 'next/script'\n\n<Script src="${url}/leadlight.js" data-site="${key}" strategy="afterInteractive" />`,
  npm: ({ url, key }) =>
    `import { start } from 'leadlight'\n\nconst leadlight = start({ site: '${key}', host: '${url}' })`,
  server: ({ url }) =>
    [
      `curl ${url}/e -H 'Authorization: Bearer sk_…' -d '{`,
      `  "v": 1, "visitor": "customer-42", "sent_at": '$(date +%s000)',`,
      `  "events": [{ "id": "'$(uuidgen)'", "type": "purchase", "at": '$(date +%s000)',`,
      `    "properties": { "value": 340, "currency": "EUR" } }]`,
      `}'`,
    ].join('\n'),
}
