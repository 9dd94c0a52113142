"""Who may start, and in what order: pure functions over numbers in memory."""
