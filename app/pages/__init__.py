"""What is seen: the main window and its pages, one a file."""
