# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import Controller, content_disposition, request, route

from ..tools.upload import MAX_BYTES, MB
from .documents import Documents
from .entities import EntityPages

MAX_TEXT = 200
# State -> Bootstrap colour.
COLOURS = {"checked": "success", "uploaded": "info", "refused": "danger"}


class Papers(EntityPages, Controller):
    """Founding papers both ways: what is asked for, uploaded, checked, expiring."""

    @route("/my/papers", type="http", auth="user", website=True, readonly=True)
    def papers(self, entity_id="", **kwargs):
        """Papers by legal entity, and ours."""
        self._check_may("paper", "read")
        return self._render_papers(entity_id)

    def _render_papers(self, entity_id="", **values):
        """The page; ``values`` come on top."""
        env = request.env
        entities = self._get_entities()
        chosen = entities.filtered(lambda e: str(e.id) == str(entity_id))
        Paper = env["b2b.paper"]
        papers = Paper.search(
            Domain("direction", "=", "customer")
            & Domain("entity_id", "in", (chosen or entities).ids)
        )
        ours = Paper.search([("direction", "=", "seller")], order="kind_id, id desc")
        kinds = env["b2b.paper.kind"].sudo()
        return request.render(
            "b2b_portal.papers",
            {
                "entities": chosen or entities,
                "all_entities": entities,
                "chosen": chosen,
                "papers": papers.sudo().grouped("entity_id"),
                "missing": Paper._b2b_get_missing(chosen or entities),
                "ours": ours.sudo(),
                "uploadable": self._get_entities("create"),
                "kinds": kinds.search([("direction", "in", ("customer", "both"))]),
                "state_names": dict(Paper._fields["state"]._description_selection(env)),
                "validity_names": dict(
                    Paper._fields["validity"]._description_selection(env)
                ),
                "colours": COLOURS,
                "limit_mb": MAX_BYTES // MB,
                "texts": {},
                "error": None,
                "message": self._pop_message(),
                "page_name": "b2b_papers",
            }
            | values,
        )

    def _get_entities(self, verb="read"):
        """Legal entities (sudo) whose papers the visitor may read or upload."""
        ids = {
            entity_id
            for grant in request.env["b2b.member"]._get_grants()
            if (grant.object, grant.verb) == ("paper", verb)
            for entity_id in grant.get_entity_ids()
        }
        Partner = request.env["res.partner"].sudo()
        return Partner.search([("id", "in", sorted(ids))], order="name, id")

    @route(
        "/my/papers/upload",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def upload(self, entity_id="", paper_id="", kind_id="", **texts):
        """Upload files of a paper: one that was asked for, or a new one."""
        entity = self._get_upload_entity(entity_id)
        member = self._get_member(entity.b2b_account_id)
        uploads = request.httprequest.files.getlist("files")
        try:
            with request.env.cr.savepoint():
                files = request.env["b2b.paper"]._b2b_read_uploads(uploads)
                values = self._parse_values(texts)
                paper = self._get_upload_paper(entity, paper_id, kind_id)
                paper._b2b_upload(member, files, **values)
        except (AccessError, UserError, ValidationError) as error:
            texts |= {"paper_id": paper_id, "kind_id": kind_id}
            texts["entity_id"] = str(entity.id)
            return self._render_papers(entity.id, error=str(error), texts=texts)
        self._tell(
            request.env._(
                "“%(name)s” is uploaded. Your manager checks it.", name=paper.name
            )
        )
        return request.redirect(f"/my/papers?entity_id={entity.id}")

    def _get_upload_entity(self, entity_id):
        """The legal entity (sudo) whose paper is uploaded.

        :raise NotFound: there is none, or the role does not allow it
        """
        self._check_member()
        entities = self._get_entities("create")
        entity = entities.filtered(lambda e: str(e.id) == entity_id)
        if not entity:
            raise NotFound
        return entity

    def _get_upload_paper(self, entity, paper_id, kind_id):
        """The paper (sudo) that the files are of; made where there is none yet.

        :raise NotFound: no such paper of the entity
        :raise UserError: no such kind
        """
        if paper_id:
            if not paper_id.isdecimal():
                raise NotFound
            paper = self._get_record("b2b.paper", int(paper_id), "create")
            if paper.entity_id != entity or paper.direction != "customer":
                raise NotFound
            return paper
        kinds = request.env["b2b.paper.kind"].sudo()
        kind = kinds.search([("direction", "in", ("customer", "both"))]).filtered(
            lambda k: str(k.id) == kind_id
        )
        if not kind:
            raise UserError(request.env._("Choose the kind of the paper."))
        return (
            request.env["b2b.paper"]
            .sudo()
            .create(
                {
                    "kind_id": kind.id,
                    "entity_id": entity.id,
                    "direction": "customer",
                    "company_id": request.website.company_id.id,
                }
            )
        )

    def _parse_values(self, texts):
        """Number, dates and remark of the form.

        :raise UserError: a date is none
        """
        values = {}
        for name in ("number", "note"):
            values[name] = (texts.get(name) or "").strip()[:MAX_TEXT] or False
        for name in ("date", "date_end"):
            text = (texts.get(name) or "").strip()
            try:
                values[name] = fields.Date.to_date(text) if text else False
            except ValueError as error:
                raise UserError(
                    request.env._("“%(text)s” is no date.", text=text[:30])
                ) from error
        return values

    @route(
        "/my/papers/<int:paper_id>/file/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def download(self, paper_id, attachment_id, **kwargs):
        """One file of a paper, to save: a browser never shows it here."""
        paper = self._get_record("b2b.paper", paper_id)
        attachment = paper.attachment_ids.filtered(lambda a: a.id == attachment_id)
        if not attachment:
            raise NotFound
        return request.make_response(
            attachment.raw,
            [
                ("Content-Type", attachment.mimetype),
                ("Content-Disposition", content_disposition(attachment.name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "default-src 'none'; sandbox"),
            ],
        )


class PaperDocuments(Documents):
    @route()
    def download(self, document_id, **kwargs):
        """A founding paper of the registry is downloaded as it was uploaded."""
        document = request.env["b2b.document"].search([("id", "=", document_id)])
        if document and document.sudo()._is_upload():
            paper = document.sudo()._get_source().exists()
            if not paper.attachment_ids:
                raise NotFound
            file = paper.attachment_ids[0]
            return request.redirect(f"/my/papers/{paper.id}/file/{file.id}")
        return super().download(document_id, **kwargs)
