"""The stories, in Firefox: what differs between browsers is not to be seen in what the page shows."""

from e2e.nightly import nightly
from e2e.test_commands import *  # noqa: F403  # all that are told there
from e2e.test_falls_back import *  # noqa: F403  # as above
from e2e.test_half_open import *  # noqa: F403  # as above
from e2e.test_many_pages import *  # noqa: F403  # as above

pytestmark = nightly(10)
