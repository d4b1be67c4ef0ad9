"""Secret addresses stay out of the log of requests."""

import logging
import re

_TOKEN = re.compile(r"(/b2b/feed/)[^\s/?.]+")
_MASKED = r"\1***"


class _MaskFeedTokens(logging.Filter):
    """Replaces the token of a feed wherever a request is logged."""

    def filter(self, record):  # pylint: disable=method-required-super
        if isinstance(record.msg, str):
            record.msg = _TOKEN.sub(_MASKED, record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(
                _TOKEN.sub(_MASKED, value) if isinstance(value, str) else value
                for value in record.args
            )
        return True


def mask_feed_tokens():
    """Put the filter on the logger of requests, once per process."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, _MaskFeedTokens) for known in logger.filters):
        logger.addFilter(_MaskFeedTokens())
