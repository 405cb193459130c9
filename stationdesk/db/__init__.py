"""The station's file: models, the one door for changes, search, backup. Knows no window and no workbook."""
