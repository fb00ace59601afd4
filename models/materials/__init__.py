"""Recipes of industry, and recycling."""
