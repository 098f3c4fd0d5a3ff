CREATE TABLE `contacts` (
	`journey_id` integer NOT NULL,
	`facet_id` integer NOT NULL,
	`at` integer NOT NULL,
	`first` integer NOT NULL,
	`mql_after` integer,
	PRIMARY KEY(`journey_id`, `facet_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `contacts_by_facet` ON `contacts` (`facet_id`,`at`,`first`);--> statement-breakpoint
CREATE INDEX `contacts_by_mql` ON `contacts` (`facet_id`,`at`,`first`,`mql_after`) WHERE "contacts"."mql_after" is not null;--> statement-breakpoint
CREATE TABLE `facets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `facets_by_value` ON `facets` (`site_id`,`kind`,`value`);--> statement-breakpoint
CREATE TABLE `journeys` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer NOT NULL,
	`person_id` text NOT NULL,
	`first_at` integer,
	`subscriber` integer,
	`lead` integer,
	`mql` integer,
	`sql` integer,
	`opportunity` integer,
	`customer` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `journeys_by_person` ON `journeys` (`site_id`,`person_id`);--> statement-breakpoint
CREATE INDEX `journeys_by_subscriber` ON `journeys` (`site_id`,`subscriber`,`first_at`) WHERE "journeys"."subscriber" is not null;--> statement-breakpoint
CREATE INDEX `journeys_by_lead` ON `journeys` (`site_id`,`lead`,`first_at`) WHERE "journeys"."lead" is not null;--> statement-breakpoint
CREATE INDEX `journeys_by_mql` ON `journeys` (`site_id`,`mql`,`first_at`) WHERE "journeys"."mql" is not null;--> statement-breakpoint
CREATE INDEX `journeys_by_sql` ON `journeys` (`site_id`,`sql`,`first_at`) WHERE "journeys"."sql" is not null;--> statement-breakpoint
CREATE INDEX `journeys_by_opportunity` ON `journeys` (`site_id`,`opportunity`,`first_at`) WHERE "journeys"."opportunity" is not null;--> statement-breakpoint
CREATE INDEX `journeys_by_customer` ON `journeys` (`site_id`,`customer`,`first_at`) WHERE "journeys"."customer" is not null;--> statement-breakpoint
CREATE TABLE `tallies` (
	`facet_id` integer NOT NULL,
	`since` integer NOT NULL,
	`first` integer NOT NULL,
	`people` integer NOT NULL,
	`subscriber` integer NOT NULL,
	`lead` integer NOT NULL,
	`mql` integer NOT NULL,
	`sql` integer NOT NULL,
	`opportunity` integer NOT NULL,
	`customer` integer NOT NULL,
	PRIMARY KEY(`facet_id`, `since`, `first`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `unfolded` (
	`site_id` integer NOT NULL,
	`person_id` text NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`site_id`, `person_id`)
) WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `persons_by_score`;--> statement-breakpoint
DROP INDEX `persons_by_last_seen`;--> statement-breakpoint
CREATE INDEX `persons_by_first_seen` ON `persons` (`site_id`,ifnull(`first_seen`, 0),`id`);--> statement-breakpoint
CREATE INDEX `persons_by_stage_since` ON `persons` (`site_id`,ifnull(`stage_since`, 0),`id`);--> statement-breakpoint
CREATE INDEX `persons_by_candidate` ON `persons` (`site_id`,`candidate_since`) WHERE "persons"."candidate_since" is not null;--> statement-breakpoint
CREATE INDEX `persons_by_score` ON `persons` (`site_id`,`score`,`id`,`grade`,`labels`);--> statement-breakpoint
CREATE INDEX `persons_by_last_seen` ON `persons` (`site_id`,ifnull(`last_seen`, 0),`id`);--> statement-breakpoint
CREATE VIRTUAL TABLE `search` USING fts5(`email`, `name`, `company`, tokenize = 'trigram');--> statement-breakpoint
INSERT INTO `search` (`search`, `rank`) VALUES ('secure-delete', 1);--> statement-breakpoint
INSERT INTO `unfolded` SELECT `site_id`, `id`, 0 FROM `persons`;
