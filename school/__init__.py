"""Floor 0: what everyone in the building knows. Imports nothing of the house."""
