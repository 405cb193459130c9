"""What the web engine does for us: the map page and printing. Imported when first needed, never at start."""
