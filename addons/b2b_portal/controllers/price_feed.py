# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import UTC, datetime

from werkzeug.exceptions import NotFound

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..models.b2b_price_feed import BUILD_MINUTES
from ..tools.mask_log import mask_feed_tokens
from ..tools.price_list.feed import FEED_FORMATS, write_feed
from ..tools.price_list.options import PriceListOptions
from .price_list import PriceLists

# Readings of a feed in an hour, wrong addresses of a client in ten minutes.
MAX_READS, MAX_WRONG = 120, 60
_ROWS = 2000
# The address is a secret: it is neither told to other sites nor found by them.
_SECRET = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("X-Content-Type-Options", "nosniff"),
)

mask_feed_tokens()


def parse_since(text):
    """A time as programs write it: ISO 8601, UTC where it says nothing else.

    :return: naive datetime in UTC; None for an empty text
    :raise ValueError: it is none
    """
    if not text:
        return None
    # a plus sign in an address is a space
    value = datetime.fromisoformat(
        text.strip().replace(" ", "+" if "T" in text else "T")
    )
    if value.tzinfo:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return value.replace(microsecond=0)


class PriceFeed(Controller):
    """Feeds for programs: no session, no page, the address is the key."""

    # Counts readings, so it writes: not readonly.
    @route(
        "/b2b/feed/<string:token>.<string:file_format>",
        type="http",
        auth="public",
        methods=["GET"],
        csrf=False,
        save_session=False,
        sitemap=False,
    )
    def feed(self, token, file_format, since="", **kwargs):
        """A feed of prices and stock.

        :param since: ISO 8601; only what has changed since then
        """
        feed = request.env["b2b.price.feed"]._find_by_token(token)
        if not feed or file_format not in FEED_FORMATS:
            return self._refuse_wrong()
        limits = request.env["b2b.rate.limit"].sudo()
        if not limits._hit(f"feed:{feed.id}", MAX_READS, 3600):
            return self._say(429, "Too many requests", [("Retry-After", "600")])
        if feed.state == "revoked":
            return self._say(410, "Gone")
        if feed._get_refusal():
            # the reason is the customer's, who reads it on the page of feeds
            return self._say(403, "Not in force")
        try:
            since = parse_since(since)
        except ValueError:
            return self._say(400, "since: ISO 8601, such as 2026-11-01T10:00:00")
        feed._use()
        if not feed.built_at:
            return self._say(503, "Being prepared", [("Retry-After", "60")])
        return self._answer(feed, file_format, since)

    def _refuse_wrong(self):
        """The same answer to every address that is none."""
        limits = request.env["b2b.rate.limit"].sudo()
        address = request.httprequest.remote_addr
        if not limits._hit(f"feed:wrong:{address}", MAX_WRONG, 600):
            return self._say(429, "Too many requests", [("Retry-After", "600")])
        return self._say(404, "Not found")

    def _say(self, status, text, headers=()):
        headers = [("Content-Type", "text/plain; charset=utf-8"), *headers]
        headers += [("Cache-Control", "no-store"), *_SECRET]
        return request.make_response(text, headers, status=status)

    def _answer(self, feed, file_format, since):
        """The feed, or 304 where the reader has it already."""
        changed = feed.changed_at or feed.built_at
        facts = f"{feed.id} {feed.revision} {file_format} {since} {feed.rotated_at}"
        etag = hashlib.sha256(facts.encode()).hexdigest()[:32]
        headers = [
            ("Content-Type", FEED_FORMATS[file_format]),
            ("Cache-Control", "private, no-cache"),
            ("ETag", f'"{etag}"'),
            ("Last-Modified", changed.strftime("%a, %d %b %Y %H:%M:%S GMT")),
            *_SECRET,
        ]
        wanted = request.httprequest
        known = wanted.if_modified_since
        # a proxy that compresses has made the mark a weak one
        if wanted.if_none_match.contains_weak(etag) or (
            not wanted.if_none_match
            and known
            and not since
            and known.replace(tzinfo=None) >= changed
        ):
            return request.make_response("", headers, status=304)
        body = _stream(request.env.registry, feed.id, file_format, since)
        response = request.make_response("", headers)
        response.response = body
        response.headers.pop("Content-Length", None)
        return response


def _stream(registry, feed_id, file_format, since):
    """Generator of the feed's bytes; reads on a connection of its own, for the
    request's is closed when the first byte goes out.
    """
    with registry.cursor(readonly=True) as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        feed = env["b2b.price.feed"].browse(feed_id)
        head = feed._get_head(since, sections=file_format == "yml")
        yield from write_feed(file_format, head, feed._iter_rows(since, _ROWS))


class PriceFeedPages(PriceLists):
    """The member's pages of feeds."""

    def _check_feeds(self, verb="read"):
        self._check_price_list()
        self._check_may("feed", verb, request.b2b.entity)

    def _get_feed(self, feed_id, verb):
        """A feed of the visitor's scope, in sudo."""
        self._check_price_list()
        return self._get_record("b2b.price.feed", feed_id, verb)

    @route("/my/feeds", type="http", auth="user", website=True, readonly=True)
    def feeds(self, **kwargs):
        """Feeds that the visitor may see, and a form for a new one."""
        self._check_feeds()
        return self._render()

    def _render(self, **values):
        feeds = request.env["b2b.price.feed"].search([], limit=200)
        query = self._get_lists()._search_goods(self._make_task(PriceListOptions()))
        sections = request.env["product.public.category"]
        # the visitor's own rights: what was chosen once may be closed to him now
        named = sections.search([("id", "in", feeds.sudo().section_ids.ids)]).sudo()
        values = {
            "feeds": feeds.sudo(),
            "named_sections": named,
            "deletable": feeds._b2b_filtered("delete"),
            "writable": feeds._b2b_filtered("write"),
            "may_create": request.env["b2b.member"]._may(
                "feed", "create", request.b2b.entity
            ),
            "sections": sections._b2b_get_tree(request.website, query),
            "goods_total": self._get_lists()._count(query),
            "options": PriceListOptions(),
            "agreement": request.b2b.agreement,
            "minutes": BUILD_MINUTES,
            "formats": list(FEED_FORMATS),
            "message": self._pop_message(),
            "error": None,
            "token": None,
            "page_name": "b2b_feeds",
        } | values
        return request.render("b2b_portal.price_feeds", values)

    @route("/my/feeds/new", type="http", auth="user", website=True, methods=["POST"])
    def create_feed(self, name="", **kwargs):
        """A new feed; its address is on this answer and nowhere else."""
        self._check_feeds("create")
        options = PriceListOptions.from_form(request.httprequest.form)
        sections = request.env["product.public.category"].search(
            [("id", "in", options.sections if options else ())]
        )
        try:
            feed, token = request.env["b2b.price.feed"]._create_feed(
                {
                    "name": name.strip()[:80] or request.env._("Feed"),
                    "agreement_id": request.b2b.agreement.id,
                    "member_id": request.b2b.member.id,
                    "website_id": request.website.id,
                    "section_ids": [(6, 0, sections.ids)],
                    "in_stock": bool(kwargs.get("only_stock")),
                }
            )
        except UserError as error:
            return self._render(error=str(error))
        return self._render_token(feed, token)

    def _render_token(self, feed, token):
        base = request.website.get_base_url()
        response = self._render(token=f"{base}/b2b/feed/{token}", new_feed=feed)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @route(
        "/my/feeds/<int:feed_id>/rotate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def rotate(self, feed_id, **kwargs):
        """A new address in place of the old one."""
        feed = self._get_feed(feed_id, "write")
        if feed.state == "revoked":
            raise NotFound
        return self._render_token(feed, feed._rotate())

    @route(
        "/my/feeds/<int:feed_id>/revoke",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def revoke(self, feed_id, **kwargs):
        """Stop a feed for good."""
        self._get_feed(feed_id, "delete")._revoke()
        self._tell(request.env._("The feed is revoked."))
        return request.redirect("/my/feeds")
