/**
 * The ids of a person (`@site`, `@person`), the present one and every former one: what belongs to one of them belongs to
 * the person.
 */
export const IDS_OF_PERSON = `(SELECT @person UNION ALL SELECT former_id FROM former_ids WHERE site_id = @site AND person_id = @person)`

/** Whose a table's `person_id` is now. Not as an outer join, which SQLite would plan anew whenever it is asked. */
export const presentOwner = (table: string): string =>
  `ifnull((SELECT f.person_id FROM former_ids f WHERE f.site_id = ${table}.site_id AND f.former_id = ${table}.person_id), ${table}.person_id)`
