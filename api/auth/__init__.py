"""Find out who is calling: sessions, API tokens, passwords, and limits on attempts."""
