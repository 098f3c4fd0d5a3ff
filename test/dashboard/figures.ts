import type { TestCollector } from '../collector.ts'
import type { Visitor } from './browserless.ts'

// Numbers as pages show them, and where they lead.

export const text = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
export const number = (written: string): number => Number(written.replaceAll(/[^\d]/g, ''))

/** Every link to leads with the number that it shows. */
export function figures(page: string): { href: string; shown: number }[] {
  const links = [...page.matchAll(/<a\s[^>]*?href="(\/leads\?[^"]+)"[^>]*>(.*?)<\/a\s*>/gs)]
  return links.map(([, href = '', inner = '']) => ({
    href: href.replaceAll('&amp;', '&'),
    shown: number(/[\d,]+/.exec(text(inner))?.[0] ?? ''),
  }))
}

/** How many leads the API lists, page by page. */
export async function listed(collector: TestCollector, query: string): Promise<number> {
  let count = 0
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: { data: unknown[]; paging: { next?: { after: string } } } = await collector.ask(
      `/v1/leads${query}&limit=500${after && `&after=${after}`}`,
    )
    count += page.data.length
    after = page.paging.next?.after
  }
  return count
}

/** How many leads a page of them says that there are. */
export async function opens(someone: Visitor, href: string): Promise<number> {
  const opened = await someone.get(href)
  return number(/<p class="count">(.*?)<\/p>/s.exec(opened.text)?.[1] ?? '')
}
