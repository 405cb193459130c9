"""Values to workbooks and workbooks to values. Knows fields and plain rows, no database, no window."""
