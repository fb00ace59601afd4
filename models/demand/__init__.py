"""What asks: buildings, processes, data halls."""
