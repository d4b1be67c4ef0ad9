# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses of the catalogue as people paste them."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.datastructures import MultiDict

from .catalogue_query import CatalogueQuery, read_id

# Browsers and proxies take no longer ones.
MAX_ADDRESS = 8000
_MAX_FIELDS = 200
# the language of the page may stand before the path
_PATH = re.compile(
    r"(?:/[a-z]{2,3}(?:_[A-Za-z0-9]{2,8})?(?:@[a-z]+)?)?/shop"
    r"(?:/category/(?P<section>[^/]+)|/pick/(?P<slug>[a-z0-9-]+))?"
    r"(?:/page/[0-9]+)?/?"
)


@dataclass(frozen=True)
class CatalogueAddress:
    """What an address of the catalogue says."""

    # of the landing page, or empty
    slug: str
    # of the address, as a ``MultiDict``
    args: object
    # without what the landing page adds
    query: CatalogueQuery


def read_address(text, hosts=()):
    """Read an address of the catalogue.

    :param str text: with or without scheme and host
    :param hosts: names of the website, with their ports; others are foreign
    :return: :class:`CatalogueAddress`; None: it is none of this website's catalogue
    """
    text = str(text or "").strip()
    if not text or len(text) > MAX_ADDRESS or "\0" in text or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        found = _PATH.fullmatch(unquote(parts.path))
        pairs = parse_qsl(
            parts.query, keep_blank_values=True, max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        return None
    foreign = parts.netloc and parts.netloc not in hosts
    if not found or foreign or parts.scheme not in ("", "http", "https"):
        return None
    if parts.scheme and not parts.netloc:
        return None
    args = MultiDict(pairs)
    section = read_id(found["section"]) if found["section"] else 0
    if found["section"] and not section:
        return None
    return CatalogueAddress(
        found["slug"] or "", args, CatalogueQuery.from_args(args, section)
    )
