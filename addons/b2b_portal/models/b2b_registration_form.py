# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from odoo.addons.phone_validation.tools.phone_validation import phone_format

from ..tools.upload import MB, UploadError, read_upload
from .b2b_registration_file import FILE_KINDS

MAX_FILES = 10
MAX_BYTES = 10 * MB
# name -> (most characters, required)
COMPANY_FIELDS = {
    "name": (200, True),
    "country_id": (10, True),
    "vat": (30, True),
    "zip": (20, False),
    "city": (100, True),
    "street": (250, True),
    "phone": (40, False),
    "site": (200, False),
}
CONTACT_FIELDS = {
    "contact_name": (120, True),
    "contact_job": (120, False),
    "email": (150, True),
    "contact_phone": (40, True),
    "segment_id": (10, True),
    "region_id": (10, False),
}
COMMENT_FIELDS = {"comment": (2000, False)}
_LINK = re.compile(r"https?:|www\.|://", re.IGNORECASE)


class B2bRegistration(models.Model):
    _inherit = "b2b.registration"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_form_fields(self, kind="account"):
        """What a visitor may say: nothing else of a request is read.

        :param str kind: 'account' or 'entity', which has no contact
        :return: dict field name -> (most characters, required)
        """
        contact = CONTACT_FIELDS if kind == "account" else {}
        return COMPANY_FIELDS | contact | COMMENT_FIELDS

    @api.model
    def _get_form_options(self, company):
        """Choices of the form, in sudo: countries, regions, segments.

        Regions are those of the seller's country.
        """
        sudo = self.env["res.country"].sudo()
        return {
            "countries": sudo.search([("code", "!=", False)]),
            "regions": company.sudo().country_id.state_ids.sorted("name"),
            "segments": sudo.env["b2b.segment"].search([("active", "=", True)]),
            "kinds": FILE_KINDS,
            "max_files": MAX_FILES,
            "max_megabytes": MAX_BYTES // MB,
        }

    @api.model
    def _read_form(self, post, kind="account"):
        """The texts of a request as typed, without control characters.

        :param dict post: the request's parameters, of any content
        :return: dict field name -> text
        """
        texts = {}
        for name in self._get_form_fields(kind):
            text = post.get(name)
            text = text if isinstance(text, str) else ""
            keep = "\n" if name == "comment" else ""
            text = "".join(c for c in text if c.isprintable() or c in keep)
            texts[name] = text.strip()
        return texts

    @api.model
    def _check_form(self, texts, kind="account"):
        """Judge what was typed.

        :param dict texts: see :meth:`_read_form`
        :return: (values for the record, dict field name -> message)
        """
        errors = {}
        options = self._get_form_options(self.env.company)
        for name, (most, required) in self._get_form_fields(kind).items():
            if len(texts[name]) > most:
                errors[name] = self.env._("At most %(count)s characters.", count=most)
            elif required and not texts[name]:
                errors[name] = self.env._("Please fill in.")
        if not options["segments"]:
            errors.pop("segment_id", None)
        values = dict(texts)
        choices = {
            "country_id": options["countries"],
            "region_id": options["regions"],
            "segment_id": options["segments"],
        }
        for name, records in choices.items():
            if name in texts:
                text = texts[name]
                number = int(text) if text.isascii() and text.isdecimal() else 0
                values[name] = number if number in records.ids else False
                if text and not values[name]:
                    errors.setdefault(name, self.env._("Choose one of the list."))
        self._clean_requisites(values)
        for name, message in self._check_requisites(values).items():
            errors.setdefault(name, message)
        return values, errors

    @api.model
    def _clean_requisites(self, values):
        """Bring values into their usual spelling, in place. A hook."""
        country = self.env["res.country"].sudo().browse(values.get("country_id") or [])
        if values.get("vat") and country:
            partners = self.env["res.partner"].sudo()
            vat, _code = partners._run_vat_checks(
                country, values["vat"], validation=False
            )
            values["vat"] = vat
        if values.get("email"):
            values["email"] = email_normalize(values["email"]) or values["email"]
        site = values.get("site")
        if site and not urlsplit(site).scheme:
            values["site"] = f"https://{site}"
        for name in ("phone", "contact_phone"):
            if values.get(name):
                values[name] = phone_format(
                    values[name],
                    country.code,
                    country.phone_code,
                    force_format="INTERNATIONAL",
                    raise_exception=False,
                )

    @api.model
    def _check_requisites(self, values):
        """Judge cleaned values. A hook for rules of countries.

        :param dict values: ids and texts; a key may be missing
        :return: dict field name -> message
        """
        errors = {}
        country = self.env["res.country"].sudo().browse(values.get("country_id") or [])
        vat = values.get("vat")
        if vat and country and not self._is_vat_valid(vat, country):
            errors["vat"] = self.env._(
                "This tax number is not valid in %(country)s. Check the digits.",
                country=country.name,
            )
        for name in ("name", "contact_name", "contact_job", "city"):
            if _LINK.search(values.get(name) or ""):
                errors[name] = self.env._("No links here, please.")
        if values.get("email") and not self._is_email_valid(values["email"]):
            errors["email"] = self.env._("Enter one address, such as name@example.com.")
        site = values.get("site")
        if site and not re.fullmatch(r"https?://[^\s/<>\"']+\.[^\s<>\"']+", site):
            errors["site"] = self.env._("Enter an address, such as example.com.")
        for name in ("phone", "contact_phone"):
            if values.get(name) and not self._is_phone_valid(values[name], country):
                errors[name] = self.env._(
                    "Enter the number with its code, such as +7 495 123-45-67."
                )
        return errors

    def _is_vat_valid(self, vat, country):
        partners = self.env["res.partner"].sudo()
        if len(re.sub(r"\W", "", vat)) < 5:
            return False
        return bool(partners._run_vat_checks(country, vat, validation="setnull")[0])

    def _is_email_valid(self, email):
        return email_normalize(email) == email and re.fullmatch(
            r"[^\s@<>\"'(),:;]+@[^\s@.]+(\.[^\s@.]+)+", email
        )

    def _is_phone_valid(self, phone, country):
        try:
            phone_format(phone, country.code, country.phone_code)
        except UserError:
            return False
        return True

    @api.model
    def _check_files(self, uploads, present=0):
        """Read and judge uploads; all or none of them count.

        :param list uploads: (kind, werkzeug's ``FileStorage``)
        :param int present: how many the registration has already
        :return: (list of dicts kind, name, data, mimetype; dict of messages with
            the key 'file_<kind>')
        """
        uploads = [(kind, file) for kind, file in uploads if file.filename]
        if len(uploads) + present > MAX_FILES:
            text = self.env._("At most %(count)s files.", count=MAX_FILES)
            return [], {f"file_{uploads[0][0] if uploads else 'other'}": text}
        files, errors = [], {}
        for kind, storage in uploads:
            try:
                files.append({"kind": kind} | read_upload(storage, MAX_BYTES))
            except UploadError as error:
                errors[f"file_{kind}"] = self.env["b2b.paper"]._b2b_get_upload_text(
                    error.code, storage.filename, MAX_BYTES
                )
        return ([] if errors else files), errors

    # === WHAT A FORM BECOMES === #

    @api.model
    def _take_in(self, values, files, consents, origin):
        """A visitor's checked form becomes a registration, or only a mail.

        Who has an account already, and whose firm is a customer already, learn it by
        mail alone: the page says the same in every case. In one savepoint.

        :param dict values: see :meth:`_check_form`
        :param list files: see :meth:`_check_files`
        :param consents: ``b2b.consent`` records that were agreed to
        :param dict origin: website (record), ip, form_key
        """
        with self.env.cr.savepoint():
            known = self.search([("form_key", "=", origin["form_key"])], limit=1)
            if known:
                return
            user = self._find_user(values["email"])
            if user:
                self._send_known_mail(user)
                return
            waiting = self._find_waiting(values)
            if waiting:
                waiting._send_mail("received")
                return
            registration = self.create(
                values
                | {
                    "website_id": origin["website"].id,
                    "company_id": origin["website"].company_id.id,
                    "form_key": origin["form_key"],
                    "lang": self.env.lang,
                    "consent_ids": self._prepare_consents(consents, origin["ip"]),
                }
            )
            registration._add_files(files)
            registration._start()

    def _find_user(self, email):
        """The user who has this address already, if any."""
        users = self.env["res.users"].sudo()
        return users.search(
            [
                "|",
                ("login", "=ilike", _escape(email)),
                ("email_normalized", "=", email),
            ],
            limit=1,
        )

    def _find_waiting(self, values):
        """An open registration of the same person for the same firm."""
        country = self.env["res.country"].browse(values["country_id"])
        key = self._get_vat_key(values["vat"], country)
        return self.search(
            [
                ("email", "=", values["email"]),
                ("vat_key", "=", key),
                ("state", "in", ("submitted", "more")),
            ],
            limit=1,
        )

    def _send_known_mail(self, user):
        template = self.env.ref("b2b_portal.b2b_registration_mail_known").sudo()
        mail = self.env["mail.mail"].sudo().browse(template.send_mail(user.id))
        mail.send_after_commit()

    def _prepare_consents(self, consents, ip):
        return [
            fields.Command.create(
                {
                    "consent_id": consent.id,
                    "version": consent.version,
                    "text": consent.text or consent.name,
                    "accepted_at": fields.Datetime.now(),
                    "ip": ip,
                }
            )
            for consent in consents
        ]

    def _start(self):
        """Tell the applicant and whoever checks (single, sudo)."""
        self._route()
        self._send_mail("received")

    @api.model
    def _create_from_portal(self, values, files, account=None, member=None):
        """A member asks to add a legal entity to their account.

        The caller has checked the member's right and the form:
        ``_read_form(post, "entity")``, ``_check_form(texts, "entity")``,
        ``_check_files``; the requisites are judged again here.

        :param dict values: fields of the company, see :meth:`_check_form`
        :param list files: see :meth:`_check_files`
        :param account: ``b2b.account`` (single)
        :param member: the applicant, ``b2b.member`` (single) of the account
        :return: the registration, in sudo
        :raise ValidationError: the requisites are wrong, or the account has this
            legal entity already
        """
        allowed = self._get_form_fields("entity")
        values = {name: values[name] for name in allowed if name in values}
        errors = self._check_requisites(values)
        if errors:
            raise ValidationError("\n".join(errors.values()))
        user = member.user_id
        with self.env.cr.savepoint():
            registration = self._as_system(self.env["website"].get_current_website())
            registration = registration.create(
                values
                | {
                    "kind": "entity",
                    "account_id": account.id,
                    "member_id": member.id,
                    "website_id": self.env["website"].get_current_website().id,
                    "company_id": self.env.company.id,
                    "lang": user.lang or self.env.lang,
                    "contact_name": user.name,
                    "contact_job": user.function,
                    "email": user.email or user.login,
                    "contact_phone": user.phone,
                }
            )
            if registration._find_entity().b2b_account_id == account:
                raise ValidationError(
                    self.env._("Your account has this legal entity already.")
                )
            registration._add_files(files)
            registration._start()
        return registration.with_user(self.env.user).sudo()


def _escape(text):
    """A text for ``=ilike`` that stands for itself."""
    return re.sub(r"([\\%_])", r"\\\1", text)
