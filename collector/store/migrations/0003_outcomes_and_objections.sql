CREATE TABLE `outcomes` (
	`site_id` integer NOT NULL,
	`id` text NOT NULL,
	`person_id` text NOT NULL,
	`result` text NOT NULL,
	`at` integer NOT NULL,
	`value` real,
	`currency` text,
	`source` text NOT NULL,
	`actor` text NOT NULL,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `outcomes_by_person` ON `outcomes` (`site_id`,`person_id`,`at`);--> statement-breakpoint
CREATE INDEX `outcomes_by_at` ON `outcomes` (`site_id`,`at`);--> statement-breakpoint
CREATE TABLE `profiling_stops` (
	`site_id` integer NOT NULL,
	`person_id` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text NOT NULL,
	`said_at` integer NOT NULL,
	`actor` text NOT NULL,
	PRIMARY KEY(`site_id`, `person_id`, `reason`)
);
--> statement-breakpoint
ALTER TABLE `persons` ADD `profiling_stopped` text;