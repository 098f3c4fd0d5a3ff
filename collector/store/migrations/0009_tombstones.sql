CREATE TABLE `tombstones` (
	`site_id` integer NOT NULL,
	`digest` blob NOT NULL,
	`salt` blob NOT NULL,
	`at` integer NOT NULL,
	`overwritten` integer NOT NULL,
	PRIMARY KEY(`site_id`, `digest`)
);
