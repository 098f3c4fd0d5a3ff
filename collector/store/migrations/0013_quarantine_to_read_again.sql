ALTER TABLE `quarantine` ADD `key_id` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `sending` text DEFAULT '{"sentAt":0,"mark":null}' NOT NULL;--> statement-breakpoint
CREATE INDEX `quarantine_by_time` ON `quarantine` (`site_id`,`received_at`);