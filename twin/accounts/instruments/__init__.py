"""Instruments: taxes, allowances, certificates, credits, loans, bonds, subsidies, insurance.

Each is a small object with its rule in the docstring; what it costs or earns is a `Settlement`,
which the money account of a run takes in.
"""
