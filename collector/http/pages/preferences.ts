import { preferencesPage } from '../../dashboard/preferences.ts'
import { readForm } from '../form.ts'
import type { Route } from '../route.ts'
import { leave, localAddress, readPreferences, remember, ZONES } from './frame.ts'
import { openPage, page } from './page.ts'
import type { PageParts } from './pages.ts'

/** `/preferences`: language, theme, time zone. They are taken also of whoever is not signed in. */
export const preferences = (parts: PageParts): Route[] => [
  page(parts, '/preferences', ({ frame }) => preferencesPage(frame, ZONES)),
  openPage(parts, 'post', '/preferences', async ({ c }) => {
    const { back, ...chosen } = await readForm(c, await parts.sessions.of(c))
    remember(c, readPreferences(chosen))
    return leave(c, localAddress(back))
  }),
]
