"""What the desktop around the window offers: tray, single instance, notifications, and a watch over the loop."""
