ALTER TABLE `keys` ADD `name` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `expires_at` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `revoked_at` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `sites` ADD `follow_up_hours` integer DEFAULT 24 NOT NULL;