"""Every scenario that is shipped, in Firefox, where it can be played there."""

from e2e.nightly import nightly
from e2e.test_scenarios import *  # noqa: F403  # all that are shipped

pytestmark = nightly(10)
