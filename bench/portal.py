# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A member's browser session and the server's own figures, for the bench scripts."""

import re
import sys

import requests

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LANGUAGE = re.compile(r"^/[a-z]{2}(_[A-Z]{2})?/")
LOGGED = re.compile(r'"(POST|GET) (\S+) HTTP/1\.\d" \d+ - (\d+) ([\d.]+) ([\d.]+)')


class Session:
    """A session of somebody who has logged in on a running server."""

    def __init__(self, base, login, password=None):
        self.base, self.session = base, requests.Session()
        self.session.headers["Accept-Language"] = "ru"
        data = {"csrf_token": self.get_token("/web/login"), "login": login}
        data["password"] = password or login
        response = self.session.post(f"{base}/web/login", data=data, timeout=60)
        if "/web/login" in response.url:
            sys.exit(f"{login} cannot log in at {base}")

    def get_token(self, path):
        """The token that forms of a page send along."""
        page = self.session.get(self.base + path, timeout=60).text
        return TOKEN.search(page).group(1)

    def get(self, path):
        """The answer of a page, that must be a good one."""
        response = self.session.get(self.base + path, timeout=600)
        response.raise_for_status()
        return response


def read_log(path, position):
    """Queries, SQL seconds and Python seconds of the requests since a position.

    :return: dict (method, path) -> list of (queries, sql, python)
    """
    found = {}
    with path.open(errors="replace") as log:
        log.seek(position)
        for line in log:
            if match := LOGGED.search(line):
                method, url, queries, sql, python = match.groups()
                url = LANGUAGE.sub("/", url)
                row = (int(queries), float(sql), float(python))
                found.setdefault((method, url), []).append(row)
    return found
