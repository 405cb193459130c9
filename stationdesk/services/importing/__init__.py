"""The parts of an import: what may be mapped, how rows are read, recognised and judged, how they are written."""
