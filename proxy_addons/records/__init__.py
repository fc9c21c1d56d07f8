"""What can stand in the record of a run: one frozen class for each thing that happens."""

from proxy_addons.records.base import Moment as Moment
from proxy_addons.records.base import as_text as as_text
from proxy_addons.records.page import NETWORK as NETWORK
from proxy_addons.records.page import PageClosed as PageClosed
from proxy_addons.records.page import PageFailed as PageFailed
from proxy_addons.records.page import PageLogged as PageLogged
from proxy_addons.records.page import PageLooked as PageLooked
from proxy_addons.records.page import PageMeasured as PageMeasured
from proxy_addons.records.page import PageMoved as PageMoved
from proxy_addons.records.page import PageOpened as PageOpened
from proxy_addons.records.page import PageSaid as PageSaid
from proxy_addons.records.page import PageShown as PageShown
from proxy_addons.records.truth import CommandKnown as CommandKnown
from proxy_addons.records.truth import StepTaken as StepTaken
from proxy_addons.records.truth import TruthTold as TruthTold
from proxy_addons.records.wire import NOT_FLUSHED as NOT_FLUSHED
from proxy_addons.records.wire import BodySeen as BodySeen
from proxy_addons.records.wire import ConnectionBegan as ConnectionBegan
from proxy_addons.records.wire import ConnectionEnded as ConnectionEnded
from proxy_addons.records.wire import ControlSeen as ControlSeen
from proxy_addons.records.wire import FaultCrashed as FaultCrashed
from proxy_addons.records.wire import FaultFired as FaultFired
from proxy_addons.records.wire import ListenerChanged as ListenerChanged
from proxy_addons.records.wire import MessageSeen as MessageSeen
from proxy_addons.records.wire import OriginRestarted as OriginRestarted
from proxy_addons.records.wire import RecordsLost as RecordsLost
from proxy_addons.records.wire import Released as Released
from proxy_addons.records.wire import RequestSeen as RequestSeen
from proxy_addons.records.wire import ResponseSeen as ResponseSeen
from proxy_addons.records.wire import RuleChanged as RuleChanged
from proxy_addons.records.wire import StreamBegan as StreamBegan
from proxy_addons.records.wire import StreamEnded as StreamEnded
from proxy_addons.records.wire import UpstreamFailed as UpstreamFailed

Record = (
    ListenerChanged
    | ConnectionBegan
    | RequestSeen
    | ResponseSeen
    | StreamBegan
    | MessageSeen
    | ControlSeen
    | BodySeen
    | FaultFired
    | Released
    | StreamEnded
    | ConnectionEnded
    | UpstreamFailed
    | RuleChanged
    | FaultCrashed
    | OriginRestarted
    | RecordsLost
    | PageClosed
    | PageFailed
    | PageLogged
    | PageLooked
    | PageMeasured
    | PageMoved
    | PageOpened
    | PageSaid
    | PageShown
    | CommandKnown
    | StepTaken
    | TruthTold
)


def line(record: Record, start: float = 0.0) -> str:
    """One line for people: the time since `start` (on the clock of the run), and what happened."""
    return f"{record.t - start:+.3f} s  {record}"
