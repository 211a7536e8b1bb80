"""Support package of the course Melayani dengan Python."""
