import { guard } from '../guard.ts'
import { listen } from '../listen.ts'
import { call, ready } from './adapter.ts'
import { BANNERS, type Purpose } from './banners.ts'

// What visitors answer to the page's consent banner, told to the script. To be loaded with `data-consent="required"` on
// the script's own tag: then nothing is stored or sent before an answer. `data-purpose` says what is asked about.

const purpose: Purpose =
  (document.currentScript as HTMLScriptElement | null)?.dataset['purpose'] === 'marketing' ? 'marketing' : 'analytics'

let told = ''

/** Tells the script how it stands, if that is news. A banner that is there but not answered says nothing. */
function look() {
  for (const { read } of BANNERS) {
    const standing = guard(() => read(purpose))
    if (!standing) continue
    const [isAllowed, isAnswered] = standing
    const state = isAllowed ? 'granted' : 'denied'
    if ((isAllowed || isAnswered) && state !== told) call(['consent', (told = state)])
    return
  }
}

const watched = new Set<unknown>()

/** Asks those that must be asked, each once they are there; and looks. */
function watch(event?: Event) {
  for (const banner of BANNERS) {
    const { watch: begin } = banner
    if (begin && !watched.has(banner) && guard(() => begin(() => guard(look), event))) watched.add(banner)
  }
  look()
}

watch()
ready(() => watch())
listen('load', watch)
for (const { events } of BANNERS) if (events) listen(events, watch)
