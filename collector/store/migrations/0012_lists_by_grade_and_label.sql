DROP INDEX `persons_by_score`;--> statement-breakpoint
DROP INDEX `persons_by_candidate`;--> statement-breakpoint
CREATE INDEX `persons_by_grade` ON `persons` (`site_id`,`grade`,`id`);--> statement-breakpoint
CREATE INDEX `persons_by_label` ON `persons` (`site_id`,`labels`,`id`) WHERE labels <> '[]';--> statement-breakpoint
CREATE INDEX `persons_by_score` ON `persons` (`site_id`,`score`,`id`);--> statement-breakpoint
CREATE INDEX `persons_by_candidate` ON `persons` (`site_id`,`candidate_since`,`id`) WHERE "persons"."candidate_since" is not null;