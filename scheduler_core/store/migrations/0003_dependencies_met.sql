-- Whether a dependency had ended already when the dependent was submitted: that one is never waited for, also not when a
-- person tries it again.
ALTER TABLE dependencies ADD COLUMN met INTEGER NOT NULL DEFAULT 0;
