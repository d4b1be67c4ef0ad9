# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What pytest needs beside pytest-odoo."""

import os
from unittest.mock import patch

import pytest


@pytest.fixture(scope="session", autouse=True)
def keep_shared_files():
    """Keep attachments of tests that run beside each other.

    The processes of pytest-xdist have databases of their own on one filestore: the
    clean-up after each class deletes what the other process has not committed. The
    whole filestore goes after the run.
    """
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        yield
        return
    from odoo.tests.common import TransactionCase

    with patch.object(TransactionCase, "_gc_filestore", lambda *args: None):
        yield
