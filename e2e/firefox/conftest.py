"""What is played in Firefox; a machine without one skips it."""

from e2e.browsers import always_in

pytest_generate_tests = always_in("firefox")
