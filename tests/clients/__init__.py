"""Real programs that read the running portal over HTTP."""
