"""The endpoints that are written by hand. Their routes are in `routes.py`."""
