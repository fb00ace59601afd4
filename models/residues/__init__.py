"""Biogas and residues."""
