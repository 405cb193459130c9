"""Dialogs: few, each with one question; none of them stops the event loop."""
