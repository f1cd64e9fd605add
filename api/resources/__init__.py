"""What the registry generates: the standard operations of each record."""
