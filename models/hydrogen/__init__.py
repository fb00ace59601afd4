"""Hydrogen."""
