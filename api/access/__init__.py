"""Who may do what. Nothing else decides."""
