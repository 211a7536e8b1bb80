"""Grading: intake of hand-ins, fair autograding, feedback, export."""
