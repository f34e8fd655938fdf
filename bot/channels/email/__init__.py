"""E-mail, through the standard library."""
