# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.phone_validation.tools import phone_validation

_OWN_FIELDS = [
    "b2b_telegram",
    "b2b_whatsapp",
    "b2b_max",
    "b2b_work_from",
    "b2b_work_to",
    "b2b_work_days",
]
# A name or a link to a profile; everything else is refused, schemes first of all.
_TELEGRAM = re.compile(
    r"(?:(?:https?://)?(?:t|telegram)\.me/|@)?([A-Za-z][A-Za-z0-9_]{4,31})/?"
)
_MAX = re.compile(r"(?:(?:https?://)?max\.ru/)?((?:u/)?[A-Za-z0-9_-]{3,120})/?")


def clock(hours):
    """9.5 -> '9:30'."""
    minutes = round(hours * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


class ResUsers(models.Model):
    """A manager as customers see one: contacts, working hours, presence."""

    _inherit = "res.users"

    b2b_telegram = fields.Char("Telegram", help="Name or link to the profile.")
    b2b_whatsapp = fields.Char("WhatsApp", help="Phone number with its country code.")
    b2b_max = fields.Char("MAX", help="Name or link to the profile.")
    b2b_work_from = fields.Float("Works from", default=9.0)
    b2b_work_to = fields.Float("Works until", default=18.0)
    b2b_work_days = fields.Selection(
        [
            ("12345", "Monday to Friday"),
            ("123456", "Monday to Saturday"),
            ("23456", "Tuesday to Saturday"),
            ("1234567", "Every day"),
        ],
        "Works on",
        default="12345",
    )

    _b2b_work_hours = models.Constraint(
        "CHECK(b2b_work_from >= 0 AND b2b_work_to <= 24"
        " AND b2b_work_from < b2b_work_to)",
        "Working hours must begin before they end, within one day.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + _OWN_FIELDS

    @property
    def SELF_WRITEABLE_FIELDS(self):
        writeable = super().SELF_WRITEABLE_FIELDS
        return writeable + _OWN_FIELDS if self.env.user._is_internal() else writeable

    @api.constrains("b2b_telegram", "b2b_max", "b2b_whatsapp")
    def _check_b2b_messengers(self):
        for user in self:
            for name, value, good in (
                ("Telegram", user.b2b_telegram, _TELEGRAM.fullmatch),
                ("MAX", user.b2b_max, _MAX.fullmatch),
                ("WhatsApp", user.b2b_whatsapp, user._b2b_format_phone),
            ):
                if value and not good(value.strip()):
                    raise ValidationError(
                        self.env._(
                            "“%(value)s” is no contact in %(messenger)s.",
                            value=value,
                            messenger=name,
                        )
                    )

    # === CONTACTS === #

    def _b2b_format_phone(self, number, form="E164"):
        """``number`` in a format of phone_validation, or False: it is no number."""
        country = self.partner_id.country_id or self.company_id.country_id
        try:
            return phone_validation.phone_format(
                number, country.code, country.phone_code, force_format=form
            )
        except UserError:
            return False

    def _b2b_get_contacts(self):
        """Ways to reach the manager (single, sudo).

        :return: list of dicts: icon (Font Awesome), label, url, text
        """
        self.ensure_one()
        rows = []
        phone = self.partner_id.phone
        if phone:
            link = self._b2b_format_phone(phone)
            text = self._b2b_format_phone(phone, "INTERNATIONAL")
            url = link and f"tel:{link}"
            rows.append(("phone", self.env._("Phone"), url, text or phone))
        if self.b2b_telegram:
            name = _TELEGRAM.fullmatch(self.b2b_telegram.strip())[1]
            rows.append(("telegram", "Telegram", f"https://t.me/{name}", f"@{name}"))
        if self.b2b_whatsapp:
            number = self._b2b_format_phone(self.b2b_whatsapp)
            text = self._b2b_format_phone(self.b2b_whatsapp, "INTERNATIONAL")
            url = f"https://wa.me/{number.lstrip('+')}"
            rows.append(("whatsapp", "WhatsApp", url, text))
        if self.b2b_max:
            name = _MAX.fullmatch(self.b2b_max.strip())[1]
            rows.append(("comment-o", "MAX", f"https://max.ru/{name}", "MAX"))
        email = self.partner_id.email_normalized
        if email:
            rows.append(("envelope", self.env._("E-mail"), f"mailto:{email}", email))
        keys = ("icon", "label", "url", "text")
        return [dict(zip(keys, row, strict=True)) for row in rows]

    # === WORKING HOURS === #

    def _b2b_tz(self):
        """Time zone of the user (single); the company's when they have none."""
        name = self.tz or self.company_id.partner_id.tz or "UTC"
        return pytz.timezone(name)

    def _b2b_today(self):
        """The day where the user (single) is."""
        return self._b2b_now().date()

    def _b2b_now(self):
        """The moment, in the time zone of the user (single)."""
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._b2b_tz())

    def _b2b_get_shift(self, day):
        """Begin and end of work of the user (single) on ``day``, or None.

        :return: pair of aware datetimes
        """
        if str(day.isoweekday()) not in (self.b2b_work_days or ""):
            return None
        zone = self._b2b_tz()
        start = zone.localize(datetime.combine(day, time()))
        return tuple(
            zone.normalize(start + timedelta(hours=hours))
            for hours in (self.b2b_work_from, self.b2b_work_to)
        )

    def _b2b_next_shift(self, back_on=None):
        """The running or the next time of work of the user (single).

        :param back_on: first day of work after an absence
        :return: pair of aware datetimes, or None: no working day is set
        """
        now = self._b2b_now()
        first = max(now.date(), back_on or now.date())
        for ahead in range(8):
            shift = self._b2b_get_shift(first + timedelta(days=ahead))
            if shift and shift[1] > now:
                return shift
        return None

    def _b2b_get_presence(self, back_on=None, viewer=None):
        """Whether the user (single) is at work, in the viewer's time zone.

        :param back_on: first day of work after an absence without a substitute
        :param viewer: ``res.users``, the current one by default
        :return: dict: online (bool), text (or False: no hours are set)
        """
        shift = self._b2b_next_shift(back_on)
        if not shift:
            return {"online": False, "text": False}
        viewer = viewer or self.env.user
        zone = pytz.timezone(viewer.tz or self._b2b_tz().zone)
        now = self._b2b_now()
        start, end = (moment.astimezone(zone) for moment in shift)
        if start <= now:
            text = self.env._("on line until %(time)s", time=f"{end.hour}:{end:%M}")
            return {"online": True, "text": text}
        values = {"time": f"{start.hour}:{start:%M}"}
        today = now.astimezone(zone).date()
        if start.date() == today:
            text = self.env._("answers today from %(time)s", **values)
        elif start.date() == today + timedelta(days=1):
            text = self.env._("answers tomorrow from %(time)s", **values)
        else:
            date = format_date(self.env, start.date(), date_format="dd.MM")
            text = self.env._("answers on %(date)s from %(time)s", date=date, **values)
        return {"online": False, "text": text}

    def _b2b_get_hours(self):
        """Working hours of the user (single) in words, with the time zone."""
        days = dict(self._fields["b2b_work_days"]._description_selection(self.env)).get(
            self.b2b_work_days
        )
        if not days:
            return False
        return self.env._(
            "%(days)s %(start)s–%(end)s (%(zone)s)",
            days=days,
            start=clock(self.b2b_work_from),
            end=clock(self.b2b_work_to),
            zone=f"UTC{self._b2b_now():%z}"[:6],
        )
