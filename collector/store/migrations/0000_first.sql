CREATE TABLE `devices` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`browser` text NOT NULL,
	`os` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `devices_unique` ON `devices` (`type`,`browser`,`os`);--> statement-breakpoint
CREATE TABLE `events` (
	`site_id` integer NOT NULL,
	`id` blob NOT NULL,
	`visitor_id` integer NOT NULL,
	`at` integer NOT NULL,
	`raw_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`type` text NOT NULL,
	`view` text,
	`seq` integer,
	`url` text,
	`referrer` text,
	`title` text,
	`properties` text,
	`provenance` text NOT NULL,
	`mark` text,
	`touch` text,
	`device_id` integer,
	PRIMARY KEY(`site_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `events_by_visitor` ON `events` (`visitor_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `former_ids` (
	`site_id` integer NOT NULL,
	`former_id` text NOT NULL,
	`person_id` text NOT NULL,
	PRIMARY KEY(`site_id`, `former_id`)
);
--> statement-breakpoint
CREATE INDEX `former_ids_by_person` ON `former_ids` (`site_id`,`person_id`);--> statement-breakpoint
CREATE TABLE `identifiers` (
	`site_id` integer NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`person_id` text NOT NULL,
	PRIMARY KEY(`site_id`, `kind`, `value`)
);
--> statement-breakpoint
CREATE INDEX `identifiers_by_person` ON `identifiers` (`site_id`,`person_id`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`site_id` integer,
	`scope` text NOT NULL,
	`hash` blob NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash_unique` ON `keys` (`hash`);--> statement-breakpoint
CREATE TABLE `models` (
	`site_id` integer NOT NULL,
	`version` integer NOT NULL,
	`document` text NOT NULL,
	`published_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `version`),
	FOREIGN KEY (`site_id`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `persons` (
	`id` text PRIMARY KEY NOT NULL,
	`site_id` integer NOT NULL,
	`stage` text NOT NULL,
	`stage_since` integer,
	`fold` text,
	`model` integer NOT NULL,
	`scored_at` integer NOT NULL,
	`score` real NOT NULL,
	`engagement` real NOT NULL,
	`fit` real NOT NULL,
	`grade` text NOT NULL,
	`email` text,
	`name` text,
	`company` text,
	`traits` text NOT NULL,
	`first_touch` text,
	`last_touch` text,
	`first_seen` integer,
	`last_seen` integer,
	`visits` integer NOT NULL,
	`engaged_ms` integer NOT NULL,
	`cools_at` integer,
	`top_reasons` text NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `persons_by_stage` ON `persons` (`site_id`,`stage`,`score`,`id`);--> statement-breakpoint
CREATE INDEX `persons_by_score` ON `persons` (`site_id`,`score`,`id`);--> statement-breakpoint
CREATE INDEX `persons_by_last_seen` ON `persons` (`site_id`,`last_seen`,`id`);--> statement-breakpoint
CREATE INDEX `persons_by_scored_at` ON `persons` (`scored_at`);--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer NOT NULL,
	`digest` blob NOT NULL,
	`received_at` integer NOT NULL,
	`visitor` text NOT NULL,
	`provenance` text NOT NULL,
	`reason` text NOT NULL,
	`raw` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quarantine_digest` ON `quarantine` (`site_id`,`digest`);--> statement-breakpoint
CREATE TABLE `sites` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`write_key` text NOT NULL,
	`origins` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sites_write_key_unique` ON `sites` (`write_key`);--> statement-breakpoint
CREATE TABLE `transitions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer NOT NULL,
	`person_id` text NOT NULL,
	`from` text NOT NULL,
	`to` text NOT NULL,
	`at` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`actor` text NOT NULL,
	`cause` text NOT NULL,
	`event` blob,
	`model` integer NOT NULL,
	`score` real NOT NULL
);
--> statement-breakpoint
CREATE INDEX `transitions_by_person` ON `transitions` (`site_id`,`person_id`,`id`);--> statement-breakpoint
CREATE TABLE `visitors` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer NOT NULL,
	`visitor` text NOT NULL,
	`person_id` text NOT NULL,
	`current` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `visitors_by_visitor` ON `visitors` (`site_id`,`visitor`,`current`);--> statement-breakpoint
CREATE INDEX `visitors_by_person` ON `visitors` (`site_id`,`person_id`);