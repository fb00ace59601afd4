"""Water and its treatment."""
