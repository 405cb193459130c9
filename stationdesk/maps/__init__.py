"""Maps for the screen and for paper: specs and plain rows in, a page or a sheet out. No Qt, no database."""
