"""Authoring: notebooks as source, releases, answers."""
