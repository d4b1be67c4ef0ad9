# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import mimetypes

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.http import Controller, content_disposition, request, route

from ..models.b2b_job import OPEN_STATES
from ..models.b2b_job_price_list import DIRECT_ROWS
from ..tools.price_list import FORMATS, PriceListOptions
from ..tools.refusal import Refusal
from .common import MemberPages
from .documents import Documents

_DOWNLOAD_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
]


class PriceLists(MemberPages, Controller):
    """Price lists of the acting agreement: choice, small files, jobs."""

    def _check_price_list(self):
        """Let in whoever may have price lists.

        :raise Refusal: the page says why
        """
        self._check_member()
        if not request.b2b.agreement:
            raise Refusal(
                text=request.env._(
                    "You have no active agreement yet. Ask your manager for one."
                )
            )
        self._check_may("agreement", "read", request.b2b.entity)
        if not request.website._b2b_may_see("prices"):
            raise Refusal()

    def _make_task(self, options):
        return request.env["b2b.price.list"]._make_task(
            request.website, request.b2b.agreement, request.env.user, options
        )

    def _get_lists(self):
        return request.env["b2b.price.list"]._as_user(
            request.website, request.b2b.agreement, request.env.user
        )

    @route("/shop/price-list", type="http", auth="user", website=True, readonly=True)
    def form(self, **kwargs):
        """What to put into the price list; takes the addresses of the catalogue.

        ``current=1`` with the catalogue's parameters: the goods as filtered there.
        """
        self._check_price_list()
        form = request.httprequest.args
        return request.render("b2b_portal.price_list", self._get_values(form))

    def _get_values(self, form, **values):
        """Values of the page for what is chosen in ``form``."""
        options = PriceListOptions.from_form(form) or PriceListOptions()
        error = None
        try:
            task = self._make_task(options)
        except UserError as refusal:
            task, error = None, str(refusal)
        result = {
            "options": options,
            "error": error,
            "jobs": request.website._b2b_get_price_list_jobs(),
            "formats": FORMATS,
            "agreement": request.b2b.agreement,
            "direct_text": request.env._(
                "More than %(rows)s rows are prepared in the background: you may leave "
                "the page.",
                rows=DIRECT_ROWS,
            ),
            "message": self._pop_message(),
            "page_name": "b2b_price_list",
            "sections": [],
            "brands": [],
            "columns": [],
            "chosen": set(),
            "found": None,
            "may_see_feeds": request.env["b2b.member"]._may("feed", "read"),
        }
        if task:
            result |= self._get_choices(task)
        return result | values

    def _get_choices(self, task):
        """Sections, brands and columns that there are to choose from."""
        lists = self._get_lists()
        options = task.options
        columns = lists._get_columns(task)
        usual = set(lists._get_usual_columns())
        if options.query:
            found = lists._count(lists._search_goods(task))
            return {
                "columns": columns,
                "chosen": set(options.columns) or usual,
                "found": found,
                "query": options.query,
                "chips": request.website._b2b_get_price_list_chips(options),
            }
        everything = self._make_task(PriceListOptions())
        query = lists._search_goods(everything)
        sections = request.env["product.public.category"]
        sections = sections._b2b_get_tree(request.website, query)
        return {
            "sections": sections,
            "brands": lists._get_brands(query),
            "columns": columns,
            "chosen": set(options.columns) or usual,
            "goods_total": lists._count(query),
        }

    @route(
        "/shop/price-list/make",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def make(self, **kwargs):
        """The file at once, where it is short; else a job that makes it."""
        self._check_price_list()
        form = request.httprequest.form
        options = PriceListOptions.from_form(form)
        try:
            if not options:
                raise UserError(request.env._("There is no such format."))
            with request.env.cr.savepoint():
                return self._answer(options)
        except UserError as error:
            values = self._get_values(MultiDict(form), error=str(error))
            response = request.render("b2b_portal.price_list", values)
            response.status_code = 422
            return response

    def _answer(self, options):
        """The file, or the page that follows the job."""
        task, lists = self._make_task(options), self._get_lists()
        jobs = request.env["b2b.job"]
        pairs = lists._find(task)
        if not pairs:
            raise UserError(
                request.env._(
                    "There are no goods in this choice: take more sections, or goods "
                    "out of stock too."
                )
            )
        if len(pairs) > DIRECT_ROWS:
            jobs._request_price_list(task, request.b2b.member)
            return request.redirect("/shop/price-list#o_b2b_jobs")
        jobs._check_price_list_pace(request.b2b.member)
        rows = lists._read_rows(task, pairs)
        data = lists._write_file(task, pairs, lambda: rows)
        return self._send(lists._get_filename(task), data)

    def _send(self, name, data):
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return request.make_response(
            data,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "private, no-store"),
                *_DOWNLOAD_HEADERS,
            ],
        )

    # === JOBS === #

    @route(
        "/shop/price-list/jobs", type="http", auth="user", website=True, readonly=True
    )
    def jobs(self, **kwargs):
        """The cards of the visitor's jobs, asked for again and again while they run."""
        self._check_price_list()
        jobs = request.website._b2b_get_price_list_jobs()
        html = request.env["ir.ui.view"]._render_template(
            "b2b_portal.price_list_jobs", {"jobs": jobs}
        )
        running = any(job.state in OPEN_STATES for job in jobs)
        return request.make_json_response({"html": str(html), "running": running})

    @route(
        "/shop/price-list/jobs/<int:job_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def cancel(self, job_id, **kwargs):
        """Stop a job of one's own."""
        self._check_price_list()
        self._get_own_job(job_id)._cancel()
        return request.redirect("/shop/price-list#o_b2b_jobs")

    @route(
        "/shop/price-list/jobs/<int:job_id>/again",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def again(self, job_id, **kwargs):
        """Make a list anew that was cancelled, has failed or is out of date."""
        self._check_price_list()
        try:
            with request.env.cr.savepoint():
                self._get_own_job(job_id)._make_again(request.b2b.member)
        except UserError as error:
            self._tell(str(error), "danger")
        return request.redirect("/shop/price-list#o_b2b_jobs")

    def _get_own_job(self, job_id):
        """A job of the visitor, in sudo."""
        job = request.env["b2b.job"].search(
            [
                ("id", "=", job_id),
                ("kind", "=", "price_list"),
                ("user_id", "=", request.env.uid),
            ]
        )
        if not job:
            raise NotFound
        return job.sudo()


class PriceListDocuments(Documents):
    @route()
    def download(self, document_id, **kwargs):
        """A price list of the registry in its own format, to those who see prices."""
        document = request.env["b2b.document"].search([("id", "=", document_id)])
        if not document or document.sudo().kind != "price_list":
            return super().download(document_id, **kwargs)
        document = document.sudo()
        if (
            not request.env["website"]._b2b_may_see("prices")
            or not document.attachment_id
        ):
            raise NotFound
        self._mark_seen(document)
        stream = request.env["ir.binary"]._get_stream_from(document.attachment_id)
        response = stream.get_response(
            as_attachment=True, content_security_policy="default-src 'none'; sandbox"
        )
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _mark_seen(self, document):
        """The desk need not tell of a list that its member has fetched."""
        job = document._get_source().exists()
        if job.user_id == request.env.user and not job.seen_at:
            job.seen_at = Datetime.now()
