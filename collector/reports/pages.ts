import type { Person, Store } from '../store/store.ts'

/** Persons read at once. */
const AT_ONCE = 100

/** Everybody of a site, by id, some at a time. */
export async function* pagesOf(store: Pick<Store, 'persons'>, site: number): AsyncGenerator<Person[]> {
  for (let people = await store.persons(site, AT_ONCE); people.length > 0;) {
    yield people
    people = await store.persons(site, AT_ONCE, people.at(-1)!.id)
  }
}
