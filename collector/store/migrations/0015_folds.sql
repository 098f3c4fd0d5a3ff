CREATE TABLE `folds` (
	`person_id` text PRIMARY KEY NOT NULL,
	`site_id` integer NOT NULL,
	`fold` text NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `persons` ADD `is_behind` integer DEFAULT false NOT NULL;--> statement-breakpoint
INSERT INTO `folds` SELECT `id`, `site_id`, `fold` FROM `persons` WHERE `fold` IS NOT NULL;--> statement-breakpoint
ALTER TABLE `persons` DROP COLUMN `fold`;