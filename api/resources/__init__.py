"""Generate the standard operations of each record from the registry."""
