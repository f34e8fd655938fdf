"""The platforms: each translates into Incoming, and shows an Answer. Strangers to one another."""
