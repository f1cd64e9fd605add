"""The endpoints that are written by hand."""
