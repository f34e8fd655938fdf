"""Floor 3: staff and the policy itself. Front door: `from staff import weigh`."""

from staff.policy import Clause, PolicyFault, load_clauses
from staff.weighing import Colour, Standing, weigh

__all__ = ["Clause", "Colour", "PolicyFault", "Standing", "load_clauses", "weigh"]
