CREATE TABLE `manual_scores` (
	`site_id` integer NOT NULL,
	`person_id` text NOT NULL,
	`score` real NOT NULL,
	`author` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`until` integer,
	PRIMARY KEY(`site_id`, `person_id`)
);
--> statement-breakpoint
CREATE TABLE `merges` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`site_id` integer NOT NULL,
	`from_id` text NOT NULL,
	`into_id` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`event` blob,
	`from_stage` text NOT NULL,
	`from_since` integer,
	`into_stage` text NOT NULL,
	`into_since` integer,
	`undone_at` integer,
	`undone_by` text
);
--> statement-breakpoint
CREATE INDEX `merges_by_from` ON `merges` (`site_id`,`from_id`);--> statement-breakpoint
CREATE INDEX `merges_by_into` ON `merges` (`site_id`,`into_id`);--> statement-breakpoint
DROP INDEX `persons_by_scored_at`;--> statement-breakpoint
ALTER TABLE `persons` ADD `labels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `persons` ADD `candidate_since` integer;--> statement-breakpoint
ALTER TABLE `persons` ADD `due_at` integer;--> statement-breakpoint
CREATE INDEX `persons_by_due_at` ON `persons` (`due_at`);--> statement-breakpoint
CREATE INDEX `persons_by_model` ON `persons` (`site_id`,`model`);--> statement-breakpoint
CREATE TABLE `__new_models` (
	`site_id` integer NOT NULL,
	`version` integer NOT NULL,
	`document` text NOT NULL,
	`created_at` integer NOT NULL,
	`author` text,
	`published_at` integer,
	`copy_of` integer,
	PRIMARY KEY(`site_id`, `version`),
	FOREIGN KEY (`site_id`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_models`("site_id", "version", "document", "created_at", "author", "published_at", "copy_of") SELECT `site_id`, `version`, `document`, `published_at`, NULL, `published_at`, NULL FROM `models`;--> statement-breakpoint
DROP TABLE `models`;--> statement-breakpoint
ALTER TABLE `__new_models` RENAME TO `models`;--> statement-breakpoint
ALTER TABLE `sites` ADD `model` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `transitions` ADD `reason` text;--> statement-breakpoint
ALTER TABLE `transitions` ADD `note` text;--> statement-breakpoint
ALTER TABLE `transitions` ADD `quiet` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `transitions` ADD `explanation` text;--> statement-breakpoint
UPDATE `sites` SET `model` = ifnull((SELECT max(`version`) FROM `models` WHERE `models`.`site_id` = `sites`.`id`), 1);--> statement-breakpoint
UPDATE `persons` SET `due_at` = `scored_at`;
