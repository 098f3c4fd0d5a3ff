import type { Place } from '../engines/place.ts'

/** Long enough for others to have told of the same. */
export const PATIENCE = 1_300

/** What was told of a shop, in order, each with its properties; what was not told by an adapter says so. */
export const toldOfShop = (place: Place): [type: string, properties: object][] =>
  place
    .events()
    .filter(({ type }) => /cart|wishlist|item|checkout|purchase|info/.test(type))
    .map(({ type, properties: { adapter, ...rest } }) => [type, adapter ? rest : { ...rest, by: 'the page' }])

/** All that pages have sent, as text. */
export const sent = (place: Place): string => place.line.requests.map(({ body }) => body).join('')
