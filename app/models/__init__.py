"""Qt item models and Qt-free series, fed by records and testable with no window."""
