ALTER TABLE `merges` ADD `from_recycled` integer;--> statement-breakpoint
ALTER TABLE `merges` ADD `into_recycled` integer;--> statement-breakpoint
ALTER TABLE `persons` ADD `recycled_at` integer;