"""Keeping the record true: confirmation rounds, a person's own page, and what they propose to change."""
