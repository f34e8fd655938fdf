"""Slack: Socket Mode or signed HTTP in, Block Kit out. Nothing else in the house imports Slack's libraries."""
