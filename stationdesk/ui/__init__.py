"""The window: widgets, item models, threads. Knows services and record types, never a session or SQL."""
