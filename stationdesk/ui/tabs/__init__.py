"""The tabs of the window. They never meet: signals go up to the window, calls come down."""
