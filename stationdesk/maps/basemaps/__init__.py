"""Base maps from files: what a file is, how it comes into the station, and its tiles."""
