import { isObject, quoted, refuse, under, unknownName, type Place } from './document.ts'

/** What only shows when parts of a document are held against each other. Parts of a wrong shape are passed over. */
export function references(document: unknown, root: Place): void {
  if (!isObject(document)) return
  const part = (name: string) =>
    (Array.isArray(document[name]) ? document[name] : []).flatMap((value: unknown, index) =>
      isObject(value) ? [{ value, place: under(under(root, name), index) }] : [],
    )
  for (const name of ['groups', 'rules', 'labels']) {
    const ids = new Set<unknown>()
    for (const { value, place } of part(name)) {
      if (ids.has(value['id']))
        refuse(under(place, 'id'), `There is already a ${quoted(value['id'])} among the ${name}.`)
      if (typeof value['id'] === 'string') ids.add(value['id'])
    }
  }
  const groups = part('groups').flatMap(({ value }) => (typeof value['id'] === 'string' ? [value['id']] : []))
  for (const { value, place } of part('groups')) ordered(value, place)
  if (isObject(document['total'])) ordered(document['total'], under(root, 'total'))
  for (const { value, place } of part('rules')) {
    const group = value['group']
    if (typeof group === 'string' && !groups.includes(group)) {
      refuse(under(place, 'group'), unknownName(group, groups))
    }
    sameSign(value, place)
    const { on, reversedBy } = value
    if (isObject(reversedBy) && typeof on === 'string' && reversedBy['on'] === on)
      refuse(under(under(place, 'reversedBy'), 'on'), 'An event cannot take itself out: name the event that removes.')
  }
}

function ordered({ min, max }: Record<string, unknown>, place: Place): void {
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    refuse(under(place, 'min'), `Must not be above \`max\`, ${max}.`)
}

/** A cap bounds what its rule piles up, so it lies on the same side of nought. */
function sameSign({ points: worth, cap }: Record<string, unknown>, place: Place): void {
  const given = isObject(worth) ? worth['points'] : worth
  const differs = (bound: unknown) => typeof bound === 'number' && typeof given === 'number' && bound * given < 0
  const detail = `Must have the sign of the points, ${quoted(given)}: it is the most that they add up to.`
  if (differs(cap)) refuse(under(place, 'cap'), detail)
  if (isObject(worth) && differs(worth['max'])) refuse(under(under(place, 'points'), 'max'), detail)
}
