"""What every channel does, whoever carries it; each class is a subject, and no behavior names a vendor."""

from tests.channels.conformance.behaviors.answering import Answering
from tests.channels.conformance.behaviors.asking import Asking
from tests.channels.conformance.behaviors.changing import Changing
from tests.channels.conformance.behaviors.confirming import Confirming
from tests.channels.conformance.behaviors.distrusting import Distrusting
from tests.channels.conformance.behaviors.enduring import Enduring
from tests.channels.conformance.behaviors.triaging import Triaging


class Conformance(Asking, Answering, Changing, Confirming, Triaging, Distrusting, Enduring):
    """The whole suite; an adapter's module inherits it and gives the fixture `world`."""
