import type { Properties } from '../../shared/json.ts'

/** What people take home: documents, archives, programs, sound and films. Pages, pictures and feeds are none. */
const DOWNLOADS = new Set(
  (
    'pdf epub mobi azw3 djvu doc docx dot dotx xls xlsx xlsm ppt pptx pps ppsx odt ods odp key pages numbers rtf txt csv tsv ' +
    '7z zip rar gz tgz bz2 xz tar iso exe msi msix dmg pkg apk aab ipa deb rpm appimage snap jar vsix ' +
    'avi mov mp3 mp4 m4a m4v mpeg mpg mkv webm wmv wma wav flac ogg mid midi ' +
    'dwg dxf step stp stl ai eps psd indd sketch fig ics vcf'
  ).split(' '),
)

/**
 * What following a link means. The script sends where it leads (`link_url`) and what its `download` attribute says; from
 * that come GA4's `file_name`, `file_extension`, `link_domain` and `outbound`, and whether it is a download at all.
 */
export function linkMeaning(
  type: string,
  properties: Properties,
  url?: string,
): { type: string; properties: Properties } {
  const { link_url, download, ...rest } = properties
  if ((type !== 'file_download' && type !== 'click') || typeof link_url !== 'string') return { type, properties }
  const link = URL.parse(link_url)
  if (type === 'file_download' && rest['file_name'] === undefined) {
    const file_name = (typeof download === 'string' && download) || decoded(link?.pathname.split('/').pop())
    const file_extension = /\.(\w+)$/.exec(file_name)?.[1]?.toLowerCase() ?? ''
    const known = DOWNLOADS.has(file_extension)
    // A name that merely looks like a file's, as the script cannot tell.
    const guessed = download === undefined && rest['link_text'] !== undefined
    if (known || !guessed) {
      return {
        type,
        properties: { link_url, ...rest, ...(file_name && { file_name }), ...(known && { file_extension }) },
      }
    }
    delete rest['link_text']
  }
  if (type === 'file_download' && rest['file_name'] !== undefined) return { type, properties }
  const leaves = !link || link.host !== (url && URL.parse(url)?.host)
  const outbound = leaves && { ...(link?.hostname && { link_domain: link.hostname }), outbound: true }
  return { type: 'click', properties: { link_url, ...outbound, ...rest } }
}

function decoded(segment = ''): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
