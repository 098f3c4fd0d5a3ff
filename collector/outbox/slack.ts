import type { Chat } from './chat.ts'

/**
 * Slack's incoming webhook. `&`, `<` and `>` are all that mrkdwn gives a meaning to as links and mentions; `verbatim` keeps
 * Slack from looking for more (https://docs.slack.dev/messaging/formatting-message-text). What would make text bold or the
 * like is taken its effect by an invisible character.
 */
export function slack({ headline, facts, link }: Chat): object {
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })
  return {
    text: plain(headline),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      section(`*${plain(headline)}*`),
      section(facts.map(([name, value]) => `${name}: ${plain(value)}`).join('\n')),
      section(`<${link}|Open the lead>`),
    ],
  }
}

const INVISIBLE = '\u2060' // word joiner

const plain = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[*_~`]/g, `${INVISIBLE}$&${INVISIBLE}`)
    .replaceAll('://', `:${INVISIBLE}//`)
