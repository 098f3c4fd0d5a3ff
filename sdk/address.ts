/**
 * What may be kept of an address: origin and path, as query and fragment can hold names, e-mails and tokens. Of
 * `mailto:`, `tel:`, `data:` and their like only the scheme: there, the path is the secret.
 */
export function address(href: string, base?: string): string {
  const { protocol, origin, pathname } = new URL(href, base)
  return protocol.startsWith('http') ? origin + pathname : protocol
}
