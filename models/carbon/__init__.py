"""Capture, transport and storage of CO2, and what grows."""
