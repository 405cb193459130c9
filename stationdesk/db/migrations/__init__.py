"""The schema's history, applied when a station is opened. One file a step; a released step never changes."""
