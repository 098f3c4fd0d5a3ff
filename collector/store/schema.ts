import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Device, Mark, Provenance } from '../../shared/event.ts'
import type { Json, Properties } from '../../shared/json.ts'
import type { Model } from '../../shared/model.ts'
import type { Profile } from '../../shared/person.ts'
import type { Scope } from '../../shared/site.ts'
import type { Stage, Transition } from '../../shared/stage.ts'
import type { Touch } from '../../shared/touch.ts'

// Instants are integers, milliseconds since 1970. Keys lead with the site, so that the tables can be split by it.

export const sites = sqliteTable('sites', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull(),
  writeKey: text('write_key').notNull().unique(),
  origins: text({ mode: 'json' }).$type<string[]>().notNull(),
  createdAt: integer('created_at').notNull(),
})

export const keys = sqliteTable('keys', {
  id: text().primaryKey(),
  siteId: integer('site_id').references(() => sites.id, { onDelete: 'cascade' }),
  scope: text().$type<Scope>().notNull(),
  /** SHA-256 of the secret, which is kept nowhere. */
  hash: blob({ mode: 'buffer' }).notNull().unique(),
  createdAt: integer('created_at').notNull(),
})

/** Published versions; the highest is live. Rows are never changed. */
export const models = sqliteTable(
  'models',
  {
    siteId: integer('site_id')
      .notNull()
      .references(() => sites.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    document: text({ mode: 'json' }).$type<Model>().notNull(),
    publishedAt: integer('published_at').notNull(),
  },
  table => [primaryKey({ columns: [table.siteId, table.version] })],
)

export const persons = sqliteTable(
  'persons',
  {
    id: text().primaryKey(),
    siteId: integer('site_id')
      .notNull()
      .references(() => sites.id, { onDelete: 'cascade' }),
    stage: text().$type<Stage>().notNull(),
    stageSince: integer('stage_since'),
    /** What scoring remembers between events; only scoring reads it. */
    fold: text({ mode: 'json' }).$type<Json>(),
    /** Version of the model that judged last. */
    model: integer().notNull(),
    scoredAt: integer('scored_at').notNull(),
    score: real().notNull(),
    engagement: real().notNull(),
    fit: real().notNull(),
    grade: text().notNull(),
    email: text(),
    name: text(),
    company: text(),
    traits: text({ mode: 'json' }).$type<Profile['traits']>().notNull(),
    firstTouch: text('first_touch', { mode: 'json' }).$type<Touch>(),
    lastTouch: text('last_touch', { mode: 'json' }).$type<Touch>(),
    firstSeen: integer('first_seen'),
    lastSeen: integer('last_seen'),
    visits: integer().notNull(),
    engagedMs: integer('engaged_ms').notNull(),
    coolsAt: integer('cools_at'),
    topReasons: text('top_reasons', { mode: 'json' }).$type<Profile['topReasons']>().notNull(),
  },
  table => [
    index('persons_by_stage').on(table.siteId, table.stage, table.score, table.id),
    index('persons_by_score').on(table.siteId, table.score, table.id),
    index('persons_by_last_seen').on(table.siteId, table.lastSeen, table.id),
    index('persons_by_scored_at').on(table.scoredAt),
  ],
)

/** Ids that merged persons had: they resolve for ever. */
export const formerIds = sqliteTable(
  'former_ids',
  {
    siteId: integer('site_id').notNull(),
    formerId: text('former_id').notNull(),
    personId: text('person_id').notNull(),
  },
  table => [
    primaryKey({ columns: [table.siteId, table.formerId] }),
    index('former_ids_by_person').on(table.siteId, table.personId),
  ],
)

/** What makes a person known: an e-mail address, a user id of the site's own. */
export const identifiers = sqliteTable(
  'identifiers',
  {
    siteId: integer('site_id').notNull(),
    kind: text().$type<'user_id' | 'email'>().notNull(),
    value: text().notNull(),
    personId: text('person_id').notNull(),
  },
  table => [
    primaryKey({ columns: [table.siteId, table.kind, table.value] }),
    index('identifiers_by_person').on(table.siteId, table.personId),
  ],
)

/** A browser, and whose it is. A browser that a second known person uses gets a second row; one of them is current. */
export const visitors = sqliteTable(
  'visitors',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id').notNull(),
    visitor: text().notNull(),
    personId: text('person_id').notNull(),
    current: integer({ mode: 'boolean' }).notNull(),
  },
  table => [
    index('visitors_by_visitor').on(table.siteId, table.visitor, table.current),
    index('visitors_by_person').on(table.siteId, table.personId),
  ],
)

export const devices = sqliteTable(
  'devices',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    type: text().$type<Device['type']>().notNull(),
    browser: text().notNull(),
    os: text().notNull(),
  },
  table => [uniqueIndex('devices_unique').on(table.type, table.browser, table.os)],
)

/** The log. Clustered by id, which is time-ordered: new events append. */
export const events = sqliteTable(
  'events',
  {
    siteId: integer('site_id').notNull(),
    id: blob({ mode: 'buffer' }).notNull(),
    visitorId: integer('visitor_id').notNull(),
    at: integer().notNull(),
    /** The time that the sender's clock gave. */
    rawAt: integer('raw_at').notNull(),
    receivedAt: integer('received_at').notNull(),
    type: text().notNull(),
    view: text(),
    seq: integer(),
    url: text(),
    referrer: text(),
    title: text(),
    properties: text({ mode: 'json' }).$type<Properties>(),
    provenance: text().$type<Provenance>().notNull(),
    mark: text().$type<Mark>(),
    touch: text({ mode: 'json' }).$type<Touch>(),
    deviceId: integer('device_id'),
  },
  table => [
    primaryKey({ columns: [table.siteId, table.id] }),
    index('events_by_visitor').on(table.visitorId, table.at, table.id),
  ],
)

export const transitions = sqliteTable(
  'transitions',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id').notNull(),
    personId: text('person_id').notNull(),
    from: text().$type<Stage>().notNull(),
    to: text().$type<Stage>().notNull(),
    at: integer().notNull(),
    effectiveAt: integer('effective_at').notNull(),
    actor: text().$type<Transition['actor']>().notNull(),
    cause: text().$type<Transition['cause']>().notNull(),
    event: blob({ mode: 'buffer' }),
    model: integer().notNull(),
    score: real().notNull(),
  },
  table => [index('transitions_by_person').on(table.siteId, table.personId, table.id)],
)

/** What was acknowledged but could not be an event: as it came, with the reason. */
export const quarantine = sqliteTable(
  'quarantine',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id').notNull(),
    /** SHA-256 of visitor and raw text, so that a retry is a duplicate. */
    digest: blob({ mode: 'buffer' }).notNull(),
    receivedAt: integer('received_at').notNull(),
    visitor: text().notNull(),
    provenance: text().$type<Provenance>().notNull(),
    reason: text().notNull(),
    raw: text().notNull(),
  },
  table => [uniqueIndex('quarantine_digest').on(table.siteId, table.digest)],
)
