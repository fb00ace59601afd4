"""What crosses the fence for money."""
