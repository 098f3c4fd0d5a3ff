import type { Device, Mark, Provenance } from '../../shared/event.ts'
import type { Json, Properties } from '../../shared/json.ts'
import type { Model } from '../../shared/model.ts'
import type { Result } from '../../shared/outcome.ts'
import type { Profile, ProfilingStop } from '../../shared/person.ts'
import type { Sending } from '../../shared/quarantine.ts'
import type { Explanation } from '../../shared/score.ts'
import { FOLLOW_UP_HOURS, type Scope } from '../../shared/site.ts'
import type { Cause, Reason, Stage } from '../../shared/stage.ts'
import type { Touch } from '../../shared/touch.ts'
import type { Attempt, DeliveryState, MessageType, WebhookKind } from '../../shared/webhook.ts'
import { blob, index, integer, isNotNull, primaryKey, real, sql, sqliteTable, text, uniqueIndex } from './drizzle.ts'
import type { Progress } from './transfer.ts'

// One file, however long: drizzle-kit writes the migrations from it, and each table is read beside those that it points to.
// Instants are integers, milliseconds since 1970. Keys lead with the site, so that the tables can be split by it.

export const sites = sqliteTable('sites', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull(),
  writeKey: text('write_key').notNull().unique(),
  origins: text({ mode: 'json' }).$type<string[]>().notNull(),
  /** The live version of its model. */
  model: integer().notNull().default(1),
  createdAt: integer('created_at').notNull(),
  followUpHours: integer('follow_up_hours').notNull().default(FOLLOW_UP_HOURS),
  /** Days after which what nobody adds to is deleted, 0: never; `null`: as the collector is set. */
  retentionDays: integer('retention_days'),
  /** The same number again: more than a tenth may be deleted at once. */
  retentionConfirm: integer('retention_confirm'),
})

export const keys = sqliteTable('keys', {
  id: text().primaryKey(),
  siteId: integer('site_id').references(() => sites.id, { onDelete: 'cascade' }),
  scope: text().$type<Scope>().notNull(),
  /** SHA-256 of the secret, which is kept nowhere. */
  hash: blob({ mode: 'buffer' }).notNull().unique(),
  name: text(),
  createdAt: integer('created_at').notNull(),
  createdBy: text('created_by'),
  expiresAt: integer('expires_at'),
  revokedAt: integer('revoked_at'),
  lastUsedAt: integer('last_used_at'),
})

/** Who uses the dashboard. */
export const accounts = sqliteTable('accounts', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** A salted scrypt hash, as text; `null` until one is set. */
  password: text(),
  createdAt: integer('created_at').notNull(),
})

/** One-time links that open the dashboard. Of the secret in it only the SHA-256 is kept, in hexadecimal. */
export const loginLinks = sqliteTable('login_links', {
  hash: text().primaryKey(),
  accountId: text('account_id')
    .notNull()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  expiresAt: integer('expires_at').notNull(),
})

/** Browsers that are signed in; kept like login links. */
export const sessions = sqliteTable(
  'sessions',
  {
    hash: text().primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  table => [index('sessions_by_account').on(table.accountId)],
)

/** Questions about leads that somebody keeps under a name. */
export const savedViews = sqliteTable(
  'saved_views',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id')
      .notNull()
      .references(() => sites.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** As it stands in the address. */
    query: text().notNull(),
    /** Id of an account. */
    author: text().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  table => [uniqueIndex('saved_views_by_name').on(table.siteId, table.name)],
)

/** Versions of a site's model. A draft becomes published once; a document is never changed. */
export const models = sqliteTable(
  'models',
  {
    siteId: integer('site_id')
      .notNull()
      .references(() => sites.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    document: text({ mode: 'json' }).$type<Model>().notNull(),
    createdAt: integer('created_at').notNull(),
    /** Id of the key that brought it; `null` for the first of a site. */
    author: text(),
    /** `null`: a draft. */
    publishedAt: integer('published_at'),
    /** The older version whose document it repeats, after a roll back. */
    copyOf: integer('copy_of'),
    /** Whether others are told of the steps that its publication leads to. */
    tells: integer({ mode: 'boolean' }).notNull().default(false),
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
    recycledAt: integer('recycled_at'),
    /** Of `profiling_stops`, for all of the person's ids. */
    profilingStopped: text('profiling_stopped', { mode: 'json' }).$type<ProfilingStop>(),
    /** Whether events have come since the fold was written: of somebody busy it is written now and then. */
    isBehind: integer('is_behind', { mode: 'boolean' }).notNull().default(false),
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
    labels: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    candidateSince: integer('candidate_since'),
    /** When to judge again though nothing happens: a label or stage may flip, or the score shown is an hour old. */
    dueAt: integer('due_at'),
  },
  table => [
    index('persons_by_stage').on(table.siteId, table.stage, table.score, table.id),
    index('persons_by_score').on(table.siteId, table.score, table.id),
    // Of a person of whom only weak events are known nothing was seen: such rows sort as the beginning of time.
    index('persons_by_last_seen').on(table.siteId, sql`ifnull("last_seen", 0)`, table.id),
    // These change seldom: an event writes none of them.
    index('persons_by_first_seen').on(table.siteId, sql`ifnull("first_seen", 0)`, table.id),
    index('persons_by_stage_since').on(table.siteId, sql`ifnull("stage_since", 0)`, table.id),
    index('persons_by_grade').on(table.siteId, table.grade, table.id),
    index('persons_by_label')
      .on(table.siteId, table.labels, table.id)
      .where(sql`labels <> '[]'`),
    index('persons_by_candidate')
      .on(table.siteId, table.candidateSince, table.id)
      .where(isNotNull(table.candidateSince)),
    index('persons_by_due_at').on(table.dueAt),
    index('persons_by_model').on(table.siteId, table.model),
  ],
)

/**
 * What scoring remembers of a person between events; only scoring reads it. Apart from the person, who changes with every
 * event: a row of both would be too large for a page. Who has none is judged anew from the log.
 */
export const folds = sqliteTable('folds', {
  personId: text('person_id').primaryKey(),
  siteId: integer('site_id')
    .notNull()
    .references(() => sites.id, { onDelete: 'cascade' }),
  fold: text({ mode: 'json' }).$type<Json>().notNull(),
})

/**
 * Whose an id is that a merged person had: it resolves for ever. Rows of other tables keep the id of the person that they
 * were made for; a merge moves none of them, so that nothing has to be found again when it is undone.
 */
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

/** Two persons who turned out to be one, and why. One that is undone stays, so that it is not made again by itself. */
export const merges = sqliteTable(
  'merges',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id').notNull(),
    fromId: text('from_id').notNull(),
    intoId: text('into_id').notNull(),
    at: integer().notNull(),
    actor: text().notNull(),
    /** The event that said so; `null` when somebody decided it. */
    event: blob({ mode: 'buffer' }),
    /** What each had reached by itself: where it stands again, at least, when the merge is undone. */
    fromStage: text('from_stage').$type<Stage>().notNull(),
    fromSince: integer('from_since'),
    fromRecycled: integer('from_recycled'),
    intoStage: text('into_stage').$type<Stage>().notNull(),
    intoSince: integer('into_since'),
    intoRecycled: integer('into_recycled'),
    undoneAt: integer('undone_at'),
    undoneBy: text('undone_by'),
  },
  table => [
    index('merges_by_from').on(table.siteId, table.fromId),
    index('merges_by_into').on(table.siteId, table.intoId),
  ],
)

/** Scores that somebody gave by hand. */
export const manualScores = sqliteTable(
  'manual_scores',
  {
    siteId: integer('site_id').notNull(),
    personId: text('person_id').notNull(),
    score: real().notNull(),
    author: text().notNull(),
    reason: text().notNull(),
    at: integer().notNull(),
    until: integer(),
  },
  table => [primaryKey({ columns: [table.siteId, table.personId] })],
)

/** Persons who may not be scored, by the id that said so. */
export const profilingStops = sqliteTable(
  'profiling_stops',
  {
    siteId: integer('site_id').notNull(),
    personId: text('person_id').notNull(),
    at: integer().notNull(),
    reason: text().$type<ProfilingStop['reason']>().notNull(),
    /** When it was said, by the clock of whoever said it: only a later consent outweighs it. */
    saidAt: integer('said_at').notNull(),
    /** Id of the key that it was made with; `visitor` when the person's own browser said so. */
    actor: text().notNull(),
  },
  table => [primaryKey({ columns: [table.siteId, table.personId, table.reason] })],
)

/** How it went with persons. */
export const outcomes = sqliteTable(
  'outcomes',
  {
    siteId: integer('site_id').notNull(),
    id: text().notNull(),
    personId: text('person_id').notNull(),
    result: text().$type<Result>().notNull(),
    at: integer().notNull(),
    value: real(),
    currency: text(),
    source: text().notNull(),
    actor: text().notNull(),
    receivedAt: integer('received_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.siteId, table.id] }),
    index('outcomes_by_person').on(table.siteId, table.personId, table.at),
    index('outcomes_by_at').on(table.siteId, table.at),
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

/** A browser, and whose it was from the first. A browser that a second known person uses gets a second row; one of them is current. */
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
    actor: text().notNull(),
    cause: text().$type<Cause>().notNull(),
    event: blob({ mode: 'buffer' }),
    model: integer().notNull(),
    score: real().notNull(),
    reason: text().$type<Reason>(),
    note: text(),
    /** Nobody is to be told. */
    quiet: integer({ mode: 'boolean' }).notNull().default(false),
    explanation: text({ mode: 'json' }).$type<Explanation>(),
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
    /** The secret key that it was sent with. */
    keyId: text('key_id'),
    sending: text({ mode: 'json' }).$type<Sending>().notNull().default({ sentAt: 0, mark: null }),
  },
  table => [
    uniqueIndex('quarantine_digest').on(table.siteId, table.digest),
    index('quarantine_by_time').on(table.siteId, table.receivedAt),
  ],
)

/** Addresses that want to be told. Their secrets sign, so they are kept as they are. */
export const webhooks = sqliteTable(
  'webhooks',
  {
    id: text().primaryKey(),
    siteId: integer('site_id')
      .notNull()
      .references(() => sites.id, { onDelete: 'cascade' }),
    kind: text().$type<WebhookKind>().notNull(),
    url: text().notNull(),
    events: text({ mode: 'json' }).$type<MessageType[]>().notNull(),
    description: text(),
    secret: text().notNull(),
    previousSecret: text('previous_secret'),
    previousUntil: integer('previous_until'),
    createdAt: integer('created_at').notNull(),
    disabledAt: integer('disabled_at'),
    disabledReason: text('disabled_reason'),
  },
  table => [index('webhooks_by_site').on(table.siteId, table.createdAt)],
)

/** The outbox: a row for each message and webhook, written in the transaction of what it tells. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    /** Its place in the order in which messages came about. */
    place: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id').notNull(),
    webhookId: text('webhook_id').notNull(),
    personId: text('person_id').notNull(),
    /** `msg_…`: the same on every attempt. */
    id: text().notNull(),
    type: text().$type<MessageType>().notNull(),
    /** As it is signed and sent. */
    body: text().notNull(),
    createdAt: integer('created_at').notNull(),
    state: text().$type<DeliveryState>().notNull(),
    /** `null` when it is not waiting. */
    nextAt: integer('next_at'),
    tries: integer().notNull().default(0),
    attempts: text({ mode: 'json' }).$type<Attempt[]>().notNull().default([]),
  },
  table => [
    uniqueIndex('deliveries_unique').on(table.webhookId, table.id),
    index('deliveries_by_webhook').on(table.webhookId, table.state, table.place),
    index('deliveries_due')
      .on(table.webhookId, table.nextAt)
      .where(sql`next_at IS NOT NULL`),
    index('deliveries_by_person').on(table.siteId, table.personId),
    index('deliveries_delivered')
      .on(table.createdAt)
      .where(sql`state = 'delivered'`),
  ],
)
// What reports count. All of it follows from the tables above, and is brought up to date by `fold` from what is marked in
// `unfolded`: nothing of it is written while events come in.

/** Persons of whom something is new: their events from `since` on; 0: another history altogether. */
export const unfolded = sqliteTable(
  'unfolded',
  {
    siteId: integer('site_id').notNull(),
    personId: text('person_id').notNull(),
    since: integer().notNull(),
  },
  table => [primaryKey({ columns: [table.siteId, table.personId] })],
)

/** A person's way in a few numbers: when they first came, and when they reached each step of the funnel. */
export const journeys = sqliteTable(
  'journeys',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id').notNull(),
    personId: text('person_id').notNull(),
    firstAt: integer('first_at'),
    subscriber: integer(),
    lead: integer(),
    mql: integer(),
    sql: integer(),
    opportunity: integer(),
    customer: integer(),
  },
  table => [
    uniqueIndex('journeys_by_person').on(table.siteId, table.personId),
    ...(['subscriber', 'lead', 'mql', 'sql', 'opportunity', 'customer'] as const).map(step =>
      index(`journeys_by_${step}`).on(table.siteId, table[step], table.firstAt).where(isNotNull(table[step])),
    ),
  ],
)

/** What people come in touch with: a page, a campaign. The site itself is one with the kind and value `''`. */
export const facets = sqliteTable(
  'facets',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    siteId: integer('site_id').notNull(),
    kind: text().notNull(),
    value: text().notNull(),
  },
  table => [uniqueIndex('facets_by_value').on(table.siteId, table.kind, table.value)],
)

/** When a person first came in touch with something. */
export const contacts = sqliteTable(
  'contacts',
  {
    journeyId: integer('journey_id').notNull(),
    facetId: integer('facet_id').notNull(),
    at: integer().notNull(),
    /** It was the person's first of its kind. */
    first: integer({ mode: 'boolean' }).notNull(),
    /** Milliseconds from then until the person was an MQL; `null` if that never was or was before. */
    mqlAfter: integer('mql_after'),
  },
  table => [
    primaryKey({ columns: [table.journeyId, table.facetId] }),
    index('contacts_by_facet').on(table.facetId, table.at, table.first),
    index('contacts_by_mql').on(table.facetId, table.at, table.first, table.mqlAfter).where(isNotNull(table.mqlAfter)),
  ],
)

/** Sums of contacts over a day in UTC, of the site itself over an hour: people, and who of them reached what after it. */
export const tallies = sqliteTable(
  'tallies',
  {
    facetId: integer('facet_id').notNull(),
    since: integer().notNull(),
    first: integer({ mode: 'boolean' }).notNull(),
    people: integer().notNull(),
    subscriber: integer().notNull(),
    lead: integer().notNull(),
    mql: integer().notNull(),
    sql: integer().notNull(),
    opportunity: integer().notNull(),
    customer: integer().notNull(),
  },
  table => [primaryKey({ columns: [table.facetId, table.since, table.first] })],
)

/** Persons who were erased, as digests that tell that one of them is meant again, and nothing else. */
export const tombstones = sqliteTable(
  'tombstones',
  {
    siteId: integer('site_id').notNull(),
    /** HMAC-SHA256 of what they were known by. */
    digest: blob({ mode: 'buffer' }).notNull(),
    /** Its key: one for each site. */
    salt: blob({ mode: 'buffer' }).notNull(),
    at: integer().notNull(),
    /** Nothing that was deleted with them is left in the file. */
    overwritten: integer({ mode: 'boolean' }).notNull(),
  },
  table => [primaryKey({ columns: [table.siteId, table.digest] })],
)

/** How far an import has come that was not ended: it goes on from there. */
export const imports = sqliteTable(
  'imports',
  {
    siteId: integer('site_id').notNull(),
    /** Tells one file from another: a digest, nothing of what is in it. */
    source: text().notNull(),
    progress: text({ mode: 'json' }).$type<Progress>().notNull(),
  },
  table => [primaryKey({ columns: [table.siteId, table.source] })],
)
