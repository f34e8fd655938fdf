"""How each clause of a school's policy stands: by its evidence, and by what is said to be wrong."""

from datetime import datetime

from bot.unit import Unit
from staff import Standing, policy_of, still_wrong, weigh


def standings_in(unit: Unit, *, now: datetime) -> tuple[Standing, ...]:
    """Of the policy that is in force."""
    policy = policy_of(unit.policies)
    wrong = still_wrong(policy.checks, duties=unit.duties)
    return weigh(policy.clauses, book=unit.evidence.by_kind(), now=now, wrong=wrong)
