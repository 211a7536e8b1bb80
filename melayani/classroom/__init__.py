"""The classroom: the demo and what a running class needs."""
