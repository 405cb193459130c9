"""The use cases: each a function and a transaction. Knows no window."""
