/**
 * The ids of a person (`@site`, `@person`), the present one and every former one: what belongs to one of them belongs to
 * the person.
 */
export const IDS_OF_PERSON = `(SELECT @person UNION ALL SELECT former_id FROM former_ids WHERE site_id = @site AND person_id = @person)`

/** Joins a table's `person_id` to whose it is now: `ifnull(f.person_id, x.person_id)`. */
export const whose = (table: string): string =>
  `LEFT JOIN former_ids f ON f.site_id = ${table}.site_id AND f.former_id = ${table}.person_id`
