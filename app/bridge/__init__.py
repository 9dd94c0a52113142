"""Between the scheduler and the window: events one way, intents the other."""
