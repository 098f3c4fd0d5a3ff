import type { AppParts } from '../../collector/http/app.ts'
import type { Auth } from '../../collector/http/auth.ts'
import type { Route } from '../../collector/http/route.ts'
import { routes } from '../../collector/http/routes.ts'
import type { Sessions } from '../../collector/http/session.ts'

/** Whatever is asked of it is itself. */
const anything: object = new Proxy(() => {}, { get: () => anything, apply: () => anything })

/** The table of routes, to be read: none of them can be asked. */
export const table = (): Route[] =>
  routes(
    new Proxy(
      { trustProxy: [], publicUrl: null, demo: undefined },
      {
        get: (known: object, name) => (name in known ? Reflect.get(known, name) : anything),
      },
    ) as AppParts,
    anything as Auth,
    anything as Sessions,
  )
