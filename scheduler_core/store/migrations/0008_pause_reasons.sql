-- Why something is paused, as whoever paused it said; NULL: they said nothing. `created_at` is when the pause began, and
-- stays when its end or its reason is changed.
ALTER TABLE pauses ADD COLUMN reason TEXT;
