import { Refusal } from '../../../shared/refusal.ts'
import { wrongRetention } from '../../../shared/site.ts'
import { link } from '../../dashboard/frame.ts'
import { privacySettings } from '../../dashboard/settings/privacy.ts'
import { text } from '../query.ts'
import type { Route } from '../route.ts'
import { installation } from '../site.ts'
import { form, page } from './page.ts'
import type { PageParts } from './pages.ts'

/** `/settings/privacy`: how long events are kept, and what is done with whose consent. */
export const privacy = (parts: PageParts): Route[] => [
  page(parts, '/settings/privacy', async ({ c, frame }) => {
    const { snippet } = installation(frame.site, parts.publicUrl ?? new URL(c.req.url).origin)
    const stops = await parts.store.profilingStops(frame.site.id)
    return privacySettings(frame, { byDefault: parts.retentionDays, stops, snippet })
  }),
  form(parts, '/settings/privacy/retention', { days: text, confirm: text }, async ({ frame, given }) => {
    const days = given.days === undefined ? null : Number(given.days)
    const wrong = days === null ? null : wrongRetention(days)
    if (wrong !== null)
      throw new Refusal('unprocessable', 'Events cannot be kept for so long.', [{ pointer: '/days', detail: wrong }])
    const retentionConfirm = given.confirm === undefined ? null : days
    await parts.writer.changeSite(frame.site.id, { retentionDays: days, retentionConfirm })
    return { to: link(frame, '/settings/privacy'), notice: 'saved' }
  }),
]
