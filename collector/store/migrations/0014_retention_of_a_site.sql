ALTER TABLE `sites` ADD `retention_days` integer;--> statement-breakpoint
ALTER TABLE `sites` ADD `retention_confirm` integer;