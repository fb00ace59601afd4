"""Electricity, and heat made beside it."""
