"""What every layer shares: fields, changes, vocabularies, errors and small pure tools. No Qt, no database."""
