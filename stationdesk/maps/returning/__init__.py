"""Sheets that were drawn on and come back as a photo: their corner marks, found again, and the picture straightened."""
