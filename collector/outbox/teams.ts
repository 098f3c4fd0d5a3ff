import type { Chat } from './chat.ts'

/**
 * A Teams workflow ("when a Teams webhook request is received") with an Adaptive Card. Strangers' texts stand in text runs,
 * in which no markdown is read (https://adaptivecards.io/explorer/TextRun.html), not in text blocks or facts, where it is.
 */
export function teams({ headline, facts, link }: Chat): object {
  const run = (text: string, weight: 'Bolder' | 'Default' = 'Default') => ({ type: 'TextRun', text, weight })
  const line = (...inlines: object[]) => ({ type: 'RichTextBlock', spacing: 'Small', inlines })
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            line({ ...run(headline, 'Bolder'), size: 'Medium' }),
            ...facts.map(([name, value]) => line(run(`${name}: `, 'Bolder'), run(value))),
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open the lead', url: link }],
        },
      },
    ],
  }
}
