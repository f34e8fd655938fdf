"""Local stand-ins for Slack and Telegram, and the page that shows them. Imports nothing else of bot."""
