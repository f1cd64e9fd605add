"""Running it: backups, integrity and demonstration data."""
