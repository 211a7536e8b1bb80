"""What all tests share."""

from hypothesis import settings

# Machines that run these tests are shared: how long one example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
