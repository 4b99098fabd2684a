"""Messages in the program's own log."""

import logging

import pytest

from alerts.receivers.channels import channels_of
from alerts.receivers.delivery import Outcome
from alerts.receivers.log import MESSAGES, Log
from model.alerting import Receiver
from tests.peers.notices import WORDS, a_notice


def test_a_message_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Title and text; it has arrived by being written."""
    caplog.set_level(logging.INFO)
    assert Log().send(a_notice(), 1.0).outcome is Outcome.DELIVERED
    ((name, level, text),) = caplog.record_tuples
    assert (name, level) == (MESSAGES, logging.INFO)
    assert text == f"{WORDS.title} | {WORDS.text}".replace("\n", " | ")


def test_a_receiver_may_be_the_log() -> None:
    """To try alerting out."""
    assert channels_of(Receiver.model_validate({"log": True})) == (Log(),)
