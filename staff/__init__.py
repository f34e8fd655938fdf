"""Floor 3: staff and the policy itself. Front door: `from staff import weigh`."""

from staff.nudges import CALM, calm_hour, tell_of_gaps
from staff.policy import Clause, PolicyFault, load_clauses
from staff.weighing import Colour, Standing, weigh

__all__ = [
    "CALM",
    "Clause",
    "Colour",
    "PolicyFault",
    "Standing",
    "calm_hour",
    "load_clauses",
    "tell_of_gaps",
    "weigh",
]
