# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
import time

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route
from odoo.tools import consteq, hash_sign, verify_hash_signed

MIN_SECONDS = 3
MAX_HOURS = 24
TRIES_PER_IP = (30, 3600)
MAILS_PER_ADDRESS = (3, 24 * 3600)
_SCOPE = "b2b_signup"
_STATUS = "/b2b/signup/status/<int:registration_id>/<string:token>"


class RegistrationForms:
    """What the pages with the form of an application share."""

    def _prepare_form(self, model, texts, errors=None, kind="account"):
        """Values of the form's templates, see ``registration_company``."""
        return model._get_form_options(request.website.company_id) | {
            "texts": texts,
            "errors": errors or {},
            "kind": kind,
            "form_fields": model._get_form_fields(kind),
        }

    def _get_registrations(self):
        return request.env["b2b.registration"]._as_system(request.website)

    def _get_uploads(self, model):
        """Uploads of the request: list of (kind, FileStorage)."""
        files = request.httprequest.files
        kinds = [
            kind for kind, _label in model._get_form_options(model.env.company)["kinds"]
        ]
        return [(kind, f) for kind in kinds for f in files.getlist(f"file_{kind}")]


class Registration(RegistrationForms, Controller):
    """Application for access by somebody who has none, and its state."""

    # === FORM === #

    @route(
        "/b2b/signup",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=True,
    )
    def form(self, **kwargs):
        """The empty form."""
        if request.website._b2b_is_member():
            return request.redirect("/my")
        return self._render_form()

    @route("/b2b/signup", type="http", auth="public", website=True, methods=["POST"])
    def submit(self, fax="", started="", **post):
        """Take an application in; the answer is the same whoever it is.

        ``fax`` is a trap: people do not see the field.
        """
        thanks = request.redirect("/b2b/signup/thanks")
        if fax:
            return thanks
        model = self._get_registrations()
        texts = model._read_form(post)
        if not self._may_try():
            return self._refuse(texts, post)
        values, errors = model._check_form(texts)
        consents = model.env["b2b.consent"].search([])
        agreed = consents.filtered(lambda c: post.get(f"consent_{c.id}") == "1")
        for consent in (consents - agreed).filtered("required"):
            errors[f"consent_{consent.id}"] = request.env._("Needed to go on.")
        files, file_errors = model._check_files(self._get_uploads(model))
        errors |= file_errors
        key, age = self._read_start(started)
        if not errors and (age is None or age < MIN_SECONDS):
            errors["form"] = request.env._("Please look it through and send it again.")
        if not errors:
            errors |= self._try_register(values, files, agreed, key)
        if errors:
            started = started if age is not None else None
            return self._render_form(texts, errors, post, started)
        return thanks

    def _try_register(self, values, files, consents, key):
        """Register, or say why not: dict with the key 'form'."""
        limits = request.env["b2b.rate.limit"].sudo()
        if not limits._hit(f"signup:mail:{values['email']}", *MAILS_PER_ADDRESS):
            text = request.env._(
                "Too many applications with this e-mail address. Try again tomorrow."
            )
            return {"form": text}
        origin = {
            "website": request.website,
            "ip": request.httprequest.remote_addr,
            "form_key": key,
        }
        try:
            self._get_registrations()._take_in(values, files, consents, origin)
        except UserError as error:
            return {"form": str(error)}
        return {}

    def _refuse(self, texts, post):
        """Too many tries: the form with what was typed, and status 429."""
        text = request.env._("Too many applications at once. Try again in an hour.")
        response = self._render_form(texts, {"form": text}, post)
        response.status_code = 429
        return response

    @route(
        "/b2b/signup/thanks",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def thanks(self, **kwargs):
        """The one answer to every application."""
        return request.render("b2b_portal.registration_thanks", {})

    def _render_form(self, texts=None, errors=None, post=None, started=None):
        model = self._get_registrations()
        texts = texts or dict.fromkeys(model._get_form_fields(), "")
        if post is None:
            texts["country_id"] = str(request.website.company_id.country_id.id or "")
        values = self._prepare_form(model, texts, errors) | {
            "consents": model.env["b2b.consent"].search([]),
            "post": post or {},
            "started": started or self._sign_start(),
            "action": "/b2b/signup",
            "registration": None,
        }
        return self._no_store(request.render("b2b_portal.registration_form", values))

    # === AGAINST MACHINES === #

    def _may_try(self):
        """Count a sent form of this IP address; False when there are too many."""
        key = f"signup:ip:{request.httprequest.remote_addr}"
        return request.env["b2b.rate.limit"].sudo()._hit(key, *TRIES_PER_IP)

    def _sign_start(self):
        """A signed note of when the form was opened; it also tells a second click."""
        content = [int(time.time()), secrets.token_urlsafe(16)]
        return hash_sign(
            request.env(su=True), _SCOPE, content, expiration_hours=MAX_HOURS
        )

    def _read_start(self, started):
        """Key and age in seconds of :meth:`_sign_start`; (None, None) when forged."""
        try:
            content = verify_hash_signed(request.env(su=True), _SCOPE, str(started))
        except ValueError:
            content = None
        if not content:
            return None, None
        return content[1], time.time() - content[0]

    # === STATE === #

    def _get_registration(self, registration_id, token):
        """A registration by its token, in sudo.

        :raise NotFound: no such registration, or another token
        """
        model = self._get_registrations()
        registration = model.search([("id", "=", registration_id)])
        expected = registration.access_token or secrets.token_urlsafe(32)
        if not consteq(token.encode(), expected.encode()) or not registration:
            raise NotFound
        return registration

    def _no_store(self, response):
        """Pages with tokens and typed texts stay out of caches and referrers."""
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    @route(
        _STATUS,
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def status(self, registration_id, token, **kwargs):
        """Who checks, since when, and what is missing."""
        registration = self._get_registration(registration_id, token)
        return self._render_status(registration)

    def _render_status(self, registration, errors=None, comment=""):
        options = registration._get_form_options(registration.company_id)
        values = options | {
            "registration": registration,
            "states": dict(
                registration._fields["state"]._description_selection(request.env)
            ),
            "errors": errors or {},
            "comment": comment,
            "base": registration._get_status_url()[len(registration._get_site_url()) :],
        }
        return self._no_store(request.render("b2b_portal.registration_status", values))

    @route(
        f"{_STATUS}/files",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def add_files(self, registration_id, token, comment="", **post):
        """Send what was missing; the application goes back to the manager."""
        registration = self._get_registration(registration_id, token)
        if not self._may_try():
            raise NotFound
        texts = registration._read_form({"comment": comment})
        uploads = self._get_uploads(registration)
        files, errors = registration._check_files(uploads, registration.file_count)
        if not errors and not files and not texts["comment"]:
            errors["form"] = request.env._("Add a file or write a comment.")
        if len(texts["comment"]) > registration._get_form_fields()["comment"][0]:
            errors["comment"] = request.env._("The comment is too long.")
        if not errors:
            values = {"comment": texts["comment"]} if texts["comment"] else {}
            errors = self._try_resubmit(registration, values, files)
        if errors:
            return self._render_status(registration, errors, texts["comment"])
        return request.redirect(f"/b2b/signup/status/{registration.id}/{token}")

    def _try_resubmit(self, registration, values, files):
        try:
            with request.env.cr.savepoint():
                registration._resubmit(values, files)
        except UserError as error:
            return {"form": str(error)}
        return {}

    @route(
        f"{_STATUS}/edit",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def edit(self, registration_id, token, **kwargs):
        """The form with everything that was typed."""
        registration = self._get_registration(registration_id, token)
        if registration.state not in ("more", "rejected"):
            return request.redirect(f"/b2b/signup/status/{registration.id}/{token}")
        kind = "entity" if registration.kind == "entity" else "account"
        texts = {
            name: str(
                registration[name].id if name.endswith("_id") else registration[name]
            )
            if registration[name]
            else ""
            for name in registration._get_form_fields(kind)
        }
        return self._render_edit(registration, token, texts)

    def _render_edit(self, registration, token, texts, errors=None):
        kind = "entity" if registration.kind == "entity" else "account"
        values = self._prepare_form(registration, texts, errors, kind) | {
            "consents": registration.env["b2b.consent"],
            "post": {},
            "started": "",
            "action": f"/b2b/signup/status/{registration.id}/{token}/edit",
            "registration": registration,
        }
        return self._no_store(request.render("b2b_portal.registration_form", values))

    @route(
        f"{_STATUS}/edit",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def save(self, registration_id, token, **post):
        """Correct the application and send it again."""
        registration = self._get_registration(registration_id, token)
        if not self._may_try():
            raise NotFound
        kind = "entity" if registration.kind == "entity" else "account"
        texts = registration._read_form(post, kind)
        values, errors = registration._check_form(texts, kind)
        uploads = self._get_uploads(registration)
        files, file_errors = registration._check_files(uploads, registration.file_count)
        errors |= file_errors
        if not errors:
            errors = self._try_resubmit(registration, values, files)
        if errors:
            return self._render_edit(registration, token, texts, errors)
        return request.redirect(f"/b2b/signup/status/{registration.id}/{token}")

    @route(
        f"{_STATUS}/cancel",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def cancel(self, registration_id, token, **post):
        """Withdraw the application."""
        registration = self._get_registration(registration_id, token)
        try:
            registration._withdraw()
        except UserError as error:
            return self._render_status(registration, {"form": str(error)})
        return request.redirect(f"/b2b/signup/status/{registration.id}/{token}")
