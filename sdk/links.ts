import { address } from './address.ts'
import type { Emit } from './emit.ts'
import { listenOn } from './target.ts'

/** What may be a file, and is no page. The collector knows which kinds are downloads. */
const FILE = /\.(?!htm|php|asp|jsp)\w{2,5}$/i

/** Downloads and ways out of the site: GA4's `file_download` and `click`. What the address says, the collector reads. */
export function watchLinks(emit: Emit): void {
  listenOn('click auxclick', 'a[href],area[href]', (link, event) => {
    // The middle button opens a link, the right one only a menu.
    if ((event as MouseEvent).button > 1) return
    // Not `link.href`, which on an SVG link is an object.
    const { href, protocol, hostname } = new URL(link.getAttribute('href')!, document.baseURI)
    const link_url = address(href)
    const download = link.getAttribute('download') ?? undefined
    if (download !== undefined || FILE.test(link_url)) {
      emit('file_download', { link_url, link_text: link.textContent.trim().slice(0, 100), download })
    } else if (hostname !== location.hostname && /^(http|mailto|tel)/.test(protocol)) {
      emit('click', { link_url })
    }
  })
}
