import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WebhookKind } from '../../shared/webhook.ts'
import { desk, type Desk } from './desk.ts'
import { receiver, type Receiver } from './receiver.ts'

let office: Desk
let channel: Receiver
beforeEach(async () => {
  office = await desk()
  channel = await receiver(office.now)
})
afterEach(async () => {
  await office.close()
  await channel.close()
})

const CHATS = ['slack', 'teams', 'discord'] as const

/** What a channel is sent when somebody of that name and company becomes a lead. */
async function posted(kind: WebhookKind, traits: Record<string, string>): Promise<unknown> {
  await office.subscribe(channel.url, { kind, events: ['lead.created'] })
  await office.happens('ada', 'page_view', {
    type: 'identify',
    properties: { traits: { email: 'ada@example.com', ...traits } },
  })
  await office.settled()
  expect(channel.received).toHaveLength(1)
  expect(channel.received[0]?.headers['content-type']).toBe('application/json')
  expect(channel.received[0]?.headers, 'a chat verifies nothing').not.toHaveProperty('webhook-signature')
  return JSON.parse(channel.received[0]!.body)
}

describe('says who, how warm, why and where', () => {
  const ADA = { name: 'Ada Berg', company: 'Berg & Strand' }
  const link = async () => `https://leads.example/leads/${(await office.store.leadByVisitor(office.site, 'ada'))?.id}`

  test('in Slack', async () => {
    expect(await posted('slack', ADA)).toEqual({
      text: 'New lead: Ada Berg',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: '*New lead: Ada Berg*' } },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            verbatim: true,
            text: 'Company: Berg &amp; Strand\nE-mail: ada@example.com\nScore: 40, grade D1\nWhy: view +40\nStage: visitor → lead',
          },
        },
        { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: `<${await link()}|Open the lead>` } },
      ],
    })
  })

  test('in Teams, as an Adaptive Card', async () => {
    const card = (await posted('teams', ADA)) as {
      attachments: { content: { body: { inlines: { text: string }[] }[] } }[]
    }
    expect(card).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            version: '1.4',
            actions: [{ type: 'Action.OpenUrl', title: 'Open the lead', url: await link() }],
          },
        },
      ],
    })
    const lines = card.attachments[0]?.content.body.map(({ inlines }) => inlines.map(({ text }) => text).join(''))
    expect(lines).toEqual([
      'New lead: Ada Berg',
      'Company: Berg & Strand',
      'E-mail: ada@example.com',
      'Score: 40, grade D1',
      'Why: view +40',
      'Stage: visitor → lead',
    ])
  })

  test('in Discord', async () => {
    expect(await posted('discord', ADA)).toEqual({
      username: 'Leadlight',
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: 'New lead\\: Ada Berg',
          url: await link(),
          fields: [
            { name: 'Company', value: 'Berg & Strand', inline: true },
            { name: 'E-mail', value: 'ada\\@example.com', inline: true },
            { name: 'Score', value: '40, grade D1', inline: true },
            { name: 'Why', value: 'view \\+40', inline: true },
            { name: 'Stage', value: 'visitor → lead', inline: true },
          ],
        },
      ],
    })
  })
})

const HARMFUL: Record<'slack' | 'discord', string[]> = {
  slack: ['<!', '<@', '<https://evil', '://evil'],
  discord: [' @everyone', ' <@', '[win]', '](', '://evil', '//evil', 'www.'],
}

describe.each(CHATS)('%s: strangers cannot', kind => {
  const texts = async (name: string) => JSON.stringify(await posted(kind, { name, company: name }))

  test('mention anybody, or make a link', async () => {
    const sent = await texts(
      '<!channel> <@U1> @everyone [win](https://evil.example) <https://evil.example|here> www.evil.example',
    )
    if (kind === 'teams') return expect(sent).not.toMatch(/"type":"(?:TextBlock|FactSet)"/) // text runs know no markdown
    for (const harmful of HARMFUL[kind]) expect(sent).not.toContain(harmful)
  })

  test('format, break lines, turn the direction or say too much', async () => {
    const sent = await texts(`*bold* _it_ ~no~ \`code\`\n# title\r\n> quote \u202egnp.exe ${'x'.repeat(5_000)}`)
    expect(sent.length).toBeLessThan(3_000)
    expect(sent).not.toMatch(/\\n# title|\\n> quote|\u202e/)
    if (kind !== 'teams') expect(sent).not.toMatch(/\*bold\*|[^\\]_it_|~no~|`code`/)
  })

  test('break the message by half a character', async () => {
    const sent = await texts(`${'x'.repeat(198)}😀😀`)
    expect(sent).toContain('…')
    expect(sent.isWellFormed()).toBe(true)
  })
})

test.each(CHATS)('%s gets tests as well', async kind => {
  const webhook = await office.subscribe(channel.url, { kind })
  expect(await office.outbox.test(webhook, 'msg_test')).toMatchObject({ status: 204, error: null })
  expect(channel.received[0]?.body).toContain('Ada Example')
})
