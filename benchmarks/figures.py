"""One benchmark's line."""

import statistics

Row = dict[str, object]


def figure(name: str, ours: list[float], peer: list[float], *, peer_name: str, unit: str, better: str) -> Row:
    """Medians of both, and their ratio."""
    our, their = statistics.median(ours), statistics.median(peer)
    return {
        "name": name,
        "ours": round(our, 3),
        "peer": round(their, 3),
        "peer_name": peer_name,
        "ratio": round(our / their, 3) if their else None,
        "unit": unit,
        "better": better,
        "n": len(ours),
    }
