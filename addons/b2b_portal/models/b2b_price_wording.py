# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words of 'Why this price'."""

from odoo import fields, models
from odoo.tools.misc import format_date, get_lang


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    def _word_price_step(self, step):
        """Label and detail of a step for people; a hook for addons.

        :param step: :class:`PriceStep`
        :return: (label, detail), texts in the reader's language
        """
        word = getattr(self, f"_word_price_{step.code}", None)
        if word:
            return word(step)
        label = {
            "discount": self._get_list_label(step),
            "percent": self._get_list_label(step),
            "part": step.values.get("name"),
            "cap": self.env._("Highest sum of discounts"),
            "factor": self.env._("Regional factor"),
            "surcharge": self.env._("Surcharge"),
            "min_margin": self.env._("Lowest margin"),
            "max_margin": self.env._("Highest margin"),
            "other": self.env._("Other terms"),
        }[step.code]
        return label, self._get_step_detail(step)

    def _get_list_label(self, step):
        """What the price list of a step is to the customer."""
        pricelist = step.pricelist
        if pricelist == self.pricelist_id:
            if step.rule._b2b_is_general():
                return self.env._("Discount of the agreement")
            return self.env._("Special price of the agreement")
        if pricelist == self.special_pricelist_id or pricelist.b2b_kind == "special":
            return self.env._("Special offer “%(name)s”", name=pricelist.name)
        return self.env._("Price type “%(name)s”", name=pricelist.name)

    def _get_step_detail(self, step):
        """The figure of a step and what its rule holds for."""
        rule, values = step.rule, step.values
        texts = []
        if "percent" in values:
            texts.append(self._format_percent(-values["percent"]))
        elif step.code == "factor":
            texts.append(self._format_percent(rule.b2b_factor))
        if step.code in ("discount", "percent", "fixed", "figure"):
            texts += self._get_rule_scope(rule, step.pricelist)
        return ", ".join(texts)

    def _get_rule_scope(self, rule, pricelist):
        """What a rule (at most one) holds for: goods, quantity, dates, as texts."""
        texts = []
        if rule.applied_on == "2_product_category":
            texts.append(self.env._("for “%(name)s”", name=rule.categ_id.name))
        elif rule.applied_on in ("0_product_variant", "1_product"):
            texts.append(self.env._("for this product"))
        if rule.min_quantity:
            product = rule.product_id.product_tmpl_id or rule.product_tmpl_id
            quantity = self.env["uom.uom"]._b2b_format(rule.min_quantity)
            unit = product.uom_id.name
            if unit:
                quantity = f"{quantity} {unit}"
            texts.append(self.env._("from %(quantity)s", quantity=quantity))
        if rule.date_end:
            texts.append(self._get_until(rule.date_end))
        return texts

    def _get_until(self, moment):
        """'until 31.12.2026' for a moment (naive, UTC)."""
        day = fields.Datetime.context_timestamp(self, moment).date()
        return self.env._("until %(date)s", date=format_date(self.env, day))

    def _format_percent(self, percent):
        """A signed percentage: −12.5 %."""
        language = self.env["res.lang"].sudo().browse(get_lang(self.env).id)
        text = language.format("%.4f", abs(percent))
        text = text.rstrip("0").rstrip(language.decimal_point)
        sign = "+" if percent > 0 else "−" if percent < 0 else ""
        return f"{sign}{text} %"

    # === STEPS WITH WORDS OF THEIR OWN === #

    def _word_price_base(self, step):
        return self.env._("List price"), ""

    def _word_price_cost(self, step):
        return self.env._("Cost"), ""

    def _word_price_unit(self, step):
        uom, own = step.values["uom"], step.values["own"]
        number = uom._b2b_format(uom._compute_quantity(1, own, round=False))
        return (
            self.env._("Price per %(unit)s", unit=uom.name),
            f"1 {uom.name} = {number} {own.name}",
        )

    def _word_price_fixed(self, step):
        return self._get_list_label(step), self._get_step_detail(step)

    def _word_price_figure(self, step):
        return self._get_list_label(step), self._get_step_detail(step)

    def _word_price_rounding(self, step):
        places = self._format_amount(step.rule.price_round, step.currency)
        return self.env._("Rounding"), self.env._("to %(step)s", step=places)

    def _word_price_weight(self, step):
        unit = self.env[
            "product.template"
        ]._get_weight_uom_name_from_ir_config_parameter()
        weight = self.env["uom.uom"]._b2b_format(step.values["weight"])
        amount = self._format_amount(step.rule.b2b_weight_surcharge, step.currency)
        return (
            self.env._("Delivery to the region"),
            f"{amount} × {weight} {unit}",
        )

    def _word_price_rate(self, step):
        source, facts = step.values["source"], step.values["facts"]
        rate = self.env["res.lang"].browse(get_lang(self.env).id)
        rate = rate.sudo().format("%.6f", facts["rate"]).rstrip("0")
        label = self.env._(
            "Rate %(currency)s to %(target)s",
            currency=source.name,
            target=step.currency.name,
        )
        texts = [rate.rstrip(".,"), facts["source"]]
        if facts["date"]:
            texts.insert(1, format_date(self.env, facts["date"]))
        return label, ", ".join(texts)

    def _get_rate_facts(self, source, target, date):
        """The rate that a price is converted at, and where it comes from; a hook.

        :param source, target: ``res.currency`` (single each)
        :param datetime date: of the price
        :return: dict: rate (units of ``target`` for one of ``source``), date (of the
            rate, or None), source (text)
        """
        rate = source._get_conversion_rate(source, target, self.company_id, date)
        rows = self._b2b_get_rate_rows(date)
        own = [rows[side.id] for side in (source, target) if side.id in rows]
        names = {
            "internal": self.env._("internal rate"),
            "official": self.env._("official rate"),
        }
        return {
            "rate": rate,
            "date": max((row.date for row in own), default=None),
            "source": names[self.rate_source],
        }

    def _format_amount(self, amount, currency):
        """An amount without its currency, with as many places as it has, at most 4.

        :return: text in the reader's language
        """
        places = currency.decimal_places
        while places < 4 and abs(round(amount, places) - amount) > 1e-7:
            places += 1
        language = self.env["res.lang"].sudo().browse(get_lang(self.env).id)
        return language.format(f"%.{places}f", amount, grouping=True)

    def _format_price(self, amount, currency):
        """An amount with the sign of its currency, in the reader's language."""
        sign = currency.symbol or currency.name
        text = self._format_amount(amount, currency)
        if currency.position == "before":
            return f"{sign}\N{NO-BREAK SPACE}{text}"
        return f"{text}\N{NO-BREAK SPACE}{sign}"

    def _get_validity_text(self, found):
        """Until when the price of a :class:`PriceExplanation` stands, as a text."""
        if not found.valid_until:
            return self.env._("until further notice")
        if found.valid_reason == "agreement":
            return self.env._(
                "until the agreement ends, %(date)s",
                date=format_date(self.env, self.date_end),
            )
        return self._get_until(found.valid_until)

    def _get_next_texts(self, found):
        """Larger quantities that cost less, the nearest first, as texts.

        :param found: :class:`PriceExplanation`
        """
        number = found.uom._b2b_format
        return [
            self.env._(
                "%(percent)s from %(quantity)s %(unit)s: %(price)s, you need "
                "%(missing)s %(unit)s more",
                percent=self._format_percent(-round(step.percent, 1)),
                quantity=number(step.quantity),
                unit=found.uom.name,
                price=self._format_price(step.price, found.currency),
                missing=number(step.missing),
            )
            for step in found.next_steps
        ]

    def action_simulate_prices(self):
        """Button: the price simulation for these agreements (batch)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "b2b_portal.b2b_price_simulation_action"
        )
        action["context"] = {"default_agreement_ids": self.ids}
        return action
