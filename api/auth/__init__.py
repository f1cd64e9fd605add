"""Who is calling: sessions, API tokens, passwords, and how often each may be tried."""
