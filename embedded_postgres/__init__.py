"""The embedded PostgreSQL, which knows nothing of the application that uses it."""
