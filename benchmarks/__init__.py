"""Our figures beside the peers', measured in one run; each prints one JSON line."""
