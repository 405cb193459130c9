"""Open formats both ways: a list as bytes of HSDS, GeoJSON, KML, GPX or CSV, and such bytes as a table."""
