import { DAY } from '../../../shared/instant.ts'
import { liveLine, liveSettings } from '../../dashboard/settings/live.ts'
import { eventStream } from '../event-stream.ts'
import type { Route } from '../route.ts'
import { latestEvents } from './latest.ts'
import { page } from './page.ts'
import type { PageParts } from './pages.ts'

/** Events that a page begins with, of the last day. */
const LATEST = 30

/** `/settings/live`: events as they are stored, in words. */
export const live = (parts: PageParts): Route[] => [
  page(parts, '/settings/live', async ({ frame }) => {
    const since = frame.now - DAY
    const latest = (await latestEvents(parts, frame.site.id)).filter(({ event }) => event.at > since).slice(0, LATEST)
    return liveSettings(
      frame,
      latest.map(({ event, lead }) => liveLine(frame, event, lead)),
    )
  }),
  page(parts, '/settings/live/events', async ({ frame }) =>
    eventStream(parts, frame.site.id, (event, lead) => liveLine(frame, event, lead)),
  ),
]
