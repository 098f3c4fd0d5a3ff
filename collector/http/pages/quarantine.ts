import { link } from '../../dashboard/frame.ts'
import { quarantineSettings } from '../../dashboard/settings/quarantine.ts'
import { reprocess } from '../../ingest/reprocess.ts'
import type { ReadAgain } from '../../store/quarantine.ts'
import { quarantinePage } from '../quarantine.ts'
import { cursor } from '../query.ts'
import type { Route } from '../route.ts'
import { filled, form, page, readQuery } from './page.ts'
import type { PageParts } from './pages.ts'

/** Of what could not be an event, on a page. */
const SHOWN = 50

/** `/settings/quarantine`: the page of `GET /v1/quarantine`, whose query may name the same cursor. */
export function quarantine(parts: PageParts): Route[] {
  const { store, writer, clock } = parts
  return [
    page(parts, '/settings/quarantine', async ({ c, frame }) => {
      const { id: site } = frame.site
      const { site: _, ...query } = filled(c.req.query())
      const { after } = readQuery({ after: cursor }, query)
      const [{ items, next }, reasons] = await Promise.all([
        quarantinePage(store, site, SHOWN, after),
        store.quarantineReasons(site),
      ])
      return quarantineSettings(frame, { reasons, items, next })
    }),
    form(parts, '/settings/quarantine/again', {}, async ({ frame }) => {
      const write = (site: number, items: readonly ReadAgain[]) => writer.reprocess(site, items, clock())
      const { quarantined, read } = await reprocess({ store, write }, frame.site.id)
      return { to: link(frame, '/settings/quarantine'), notice: quarantined < read ? 'readAgain' : 'readInVain' }
    }),
  ]
}
