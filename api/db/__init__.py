"""PostgreSQL: connections, migrations, statements and deadlines. Knows no HTTP."""
