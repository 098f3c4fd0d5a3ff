import { siteKey } from './access.ts'
import { eventStream, type LiveParts } from './event-stream.ts'
import { eventView } from './lead.ts'
import { route, type Route } from './route.ts'

/** `GET /v1/live`: server-sent events, one for each event as it is stored: the event as the timeline has it, and `lead`, whose it is. */
export const live = (parts: LiveParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/live',
    access: siteKey('read'),
    summary: 'Events as they are stored, as server-sent events',
    answer: null,
    media: 'text/event-stream',
    run: ({ site }) => eventStream(parts, site, (event, lead) => ({ ...eventView(event), lead })),
  }),
]
