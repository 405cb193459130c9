"""What comes home from a community walk: photos and tracks, read as plain values."""
