"""What an author declares, a caller may do, and a running task may touch."""
