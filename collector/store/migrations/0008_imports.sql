CREATE TABLE `imports` (
	`site_id` integer NOT NULL,
	`source` text NOT NULL,
	`progress` text NOT NULL,
	PRIMARY KEY(`site_id`, `source`)
);
