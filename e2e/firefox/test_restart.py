"""The story of the server that restarts, in Firefox; apart from the others, since its app is one of its own."""

from e2e.nightly import nightly
from e2e.test_restart import *  # noqa: F403  # all that are told there

pytestmark = nightly(10)
