"""Where a plain function runs: in a thread, or in a process of its own."""
