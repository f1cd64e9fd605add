"""Run an embedded PostgreSQL. Knows nothing of the application that uses it."""
