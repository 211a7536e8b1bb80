"""`make bench`: our grading beside stock nbgrader's, measured in one run (docs/bench.md)."""
