"""Decide who may do what. Nothing else does."""
