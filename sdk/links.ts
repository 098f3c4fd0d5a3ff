import { address } from './address.ts'
import type { Emit } from './emit.ts'
import { listen, type Undo } from './listen.ts'
import { target } from './target.ts'

const DOWNLOAD =
  /\.(pdf|epub|mobi|docx?|xlsx?|pp[st]x?|od[pst]|key|rtf|txt|csv|7z|zip|rar|gz|exe|msi|dmg|pkg|apk|avi|mov|mp[34]|mpe?g|wm[av]|wav|midi?)$/i

/** Downloads and ways out of the site: GA4's `file_download` and `click`. */
export function watchLinks(emit: Emit): Undo {
  return listen('click auxclick', event => {
    const link = target(event, 'a[href],area[href]')
    // The middle button opens a link, the right one only a menu.
    if (!link || (event as MouseEvent).button > 1) return
    // Not `link.href`, which on an SVG link is an object.
    const { href, protocol, hostname, pathname } = new URL(link.getAttribute('href')!, document.baseURI)
    const link_url = address(href)
    const saved = link.getAttribute('download')
    const file_name = saved || pathname.split('/').pop()!
    const file_extension = DOWNLOAD.exec(file_name)?.[1]?.toLowerCase()
    if (saved !== null || file_extension) {
      emit('file_download', { link_url, file_name, file_extension, link_text: link.textContent.trim().slice(0, 100) })
    } else if (protocol.startsWith('http') ? hostname !== location.hostname : /^(mailto|tel):/.test(protocol)) {
      emit('click', { link_url, link_domain: hostname || undefined, outbound: true })
    }
  })
}
