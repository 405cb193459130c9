"""Other people's workbooks: open safely, find the table, guess the columns, read the cells."""
