/** What kind of site a referrer is, in GA4's words. Host endings; the longest match wins. */
const SOURCES: Record<string, [source: string, medium: string]> = {}

const add = (medium: string, sources: Record<string, string>): void => {
  for (const [source, hosts] of Object.entries(sources)) {
    for (const host of hosts.split(' ')) SOURCES[host] = [source, medium]
  }
}

add('organic', {
  bing: 'bing.com',
  duckduckgo: 'duckduckgo.com',
  yahoo: 'search.yahoo.com yahoo.com',
  ecosia: 'ecosia.org',
  qwant: 'qwant.com',
  startpage: 'startpage.com',
  brave: 'search.brave.com',
  yandex: 'yandex.ru yandex.com ya.ru',
  baidu: 'baidu.com',
  kagi: 'kagi.com',
  seznam: 'seznam.cz',
  kvasir: 'kvasir.no',
  wp: 'wp.pl',
  onet: 'onet.pl',
})
add('social', {
  facebook: 'facebook.com fb.com fb.me',
  instagram: 'instagram.com',
  linkedin: 'linkedin.com lnkd.in',
  twitter: 't.co twitter.com x.com',
  youtube: 'youtube.com youtu.be',
  pinterest: 'pinterest.com pin.it',
  reddit: 'reddit.com',
  tiktok: 'tiktok.com',
  threads: 'threads.net',
  bluesky: 'bsky.app',
  mastodon: 'mastodon.social',
})
add('email', {
  gmail: 'mail.google.com',
  outlook: 'outlook.live.com outlook.office.com',
  'yahoo-mail': 'mail.yahoo.com',
})
add('ai', {
  chatgpt: 'chatgpt.com chat.openai.com',
  perplexity: 'perplexity.ai',
  gemini: 'gemini.google.com',
  copilot: 'copilot.microsoft.com',
  claude: 'claude.ai',
})

/** `www.google.no` and `google.co.uk` are google: the name is what stands before a country's ending. */
const GOOGLE = /^(www\.)?google\.([a-z]{2,3}|com?\.[a-z]{2})$/

/** Source and medium of a referring host; an unknown one is its own source, by `referral`. */
export function classifyReferrer(host: string): { source: string; medium: string } {
  if (GOOGLE.test(host)) return { source: 'google', medium: 'organic' }
  const labels = host.split('.')
  for (let from = 0; from < labels.length; from++) {
    const ending = labels.slice(from).join('.')
    const known = Object.hasOwn(SOURCES, ending) ? SOURCES[ending] : undefined
    if (known) return { source: known[0], medium: known[1] }
  }
  return { source: host.replace(/^www\./, ''), medium: 'referral' }
}
