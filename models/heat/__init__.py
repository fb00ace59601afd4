"""Heat and steam, and what carries them."""
