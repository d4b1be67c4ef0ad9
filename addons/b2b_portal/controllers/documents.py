# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .common import MemberPages

PAGE_SIZE = 50


class Documents(MemberPages, Controller):
    """The registry of papers."""

    @route(
        ["/my/documents", "/my/documents/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def documents(self, page=1, kind="", search="", order_id="", **kwargs):
        """Papers that the visitor may see, newest first, with filters."""
        self._check_member()
        Document = request.env["b2b.document"]
        domain = Domain.TRUE
        if kind in Document._get_kind_reports():
            domain &= Domain("kind", "=", kind)
        if search.strip():
            domain &= Domain("name", "ilike", search.strip())
        if order_id.isdecimal():
            domain &= Domain("order_id", "=", int(order_id))
        pager = portal_pager(
            url="/my/documents",
            total=Document.search_count(domain),
            page=page,
            step=PAGE_SIZE,
            url_args={"kind": kind, "search": search, "order_id": order_id},
        )
        found = Document.search(domain, limit=PAGE_SIZE, offset=pager["offset"])
        kinds = Document._fields["kind"]._description_selection(request.env)
        return request.render(
            "b2b_portal.documents",
            {
                "documents": found.sudo(),
                "kinds": kinds,
                "kind_names": dict(kinds),
                "kind": kind,
                "search": search,
                "order_id": order_id,
                "pager": pager,
                "message": self._pop_message(),
                "page_name": "b2b_documents",
            },
        )

    @route("/my/documents/<int:document_id>/pdf", type="http", auth="user")
    def download(self, document_id, **kwargs):
        """One paper as PDF."""
        document = request.env["b2b.document"].search([("id", "=", document_id)])
        if not document:
            raise NotFound
        return request.make_response(
            document._get_pdf(),
            [
                ("Content-Type", "application/pdf"),
                (
                    "Content-Disposition",
                    content_disposition(document.sudo()._get_filename()),
                ),
            ],
        )
