"""Stores of electricity, heat, cold and matter."""
