import type { Chat } from './chat.ts'

/** Discord's webhook. Its markdown is escaped, links in strangers' texts are cut, and nobody is ever mentioned. */
export function discord({ headline, facts, link }: Chat): object {
  return {
    username: 'Leadlight',
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: plain(headline),
        url: link,
        fields: facts.map(([name, value]) => ({ name, value: plain(value), inline: true })),
      },
    ],
  }
}

const INVISIBLE = '\u2060' // word joiner

const plain = (text: string): string =>
  text
    .replaceAll(/[\\*_~`|>#\-+[\]()<@:]/g, '\\$&')
    .replaceAll('//', `/${INVISIBLE}/`)
    .replaceAll(/\b(www)\./gi, `$1${INVISIBLE}.`)
