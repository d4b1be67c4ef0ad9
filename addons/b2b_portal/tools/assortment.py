# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How assortment rules combine into what one customer sees.

Plain values: rules outlive the records' cache, and domains hold ids only.
"""

from dataclasses import dataclass
from datetime import date

from odoo.fields import Domain

# field of product.template -> name of the ids in a rule
_GROUPS = {
    "public_categ_ids": "sections",
    "b2b_brand_id": "brands",
    "categ_id": "categories",
    "product_tag_ids": "tags",
}


@dataclass(frozen=True)
class Customer:
    """For whom goods are judged; ids, 0 for none."""

    agreement: int = 0
    account: int = 0
    segment: int = 0
    website: int = 0
    company: int = 0


@dataclass(frozen=True)
class AssortmentRule:
    """A ``b2b.assortment`` record; ids of sections and categories with those below."""

    id: int
    mode: str
    audience: str
    match: str
    website: int = 0
    company: int = 0
    date_start: date | None = None
    date_end: date | None = None
    segments: frozenset = frozenset()
    accounts: frozenset = frozenset()
    agreements: frozenset = frozenset()
    sections: tuple = ()
    brands: tuple = ()
    categories: tuple = ()
    tags: tuple = ()
    templates: tuple = ()

    def holds(self, customer, today):
        """Whether the rule says anything on this website and day."""
        return (
            self.website in (0, customer.website)
            and self.company in (0, customer.company)
            and (not self.date_start or self.date_start <= today)
            and (not self.date_end or today <= self.date_end)
        )

    def concerns(self, customer):
        """Whether the customer is one of those the rule names."""
        if self.audience == "everybody":
            return True
        if self.audience == "guests":
            return not customer.account
        return (
            customer.segment in self.segments
            or customer.account in self.accounts
            or customer.agreement in self.agreements
        )

    def get_goods(self):
        """The goods the rule names: Domain on product.template.

        Groups of goods are joined as ``match`` says, single goods always belong.
        """
        groups = [
            Domain(field, "in", list(ids))
            for field, name in _GROUPS.items()
            if (ids := getattr(self, name))
        ]
        join = Domain.AND if self.match == "all" else Domain.OR
        goods = join(groups) if groups else Domain.FALSE
        if self.templates:
            goods |= Domain("id", "in", list(self.templates))
        return goods


class Assortment:
    """What one customer sees, by rules.

    Goods are seen that no 'hide' rule for the customer names, that are exclusive to
    nobody or (also) to the customer, and that are on a whitelist of the customer, if
    there is any.
    """

    def __init__(self, rules, customer, today):
        rules = [rule for rule in rules if rule.holds(customer, today)]
        own = {rule for rule in rules if rule.concerns(customer)}
        self.hide = [r for r in rules if r.mode == "hide" and r in own]
        self.foreign = [r for r in rules if r.mode == "exclusive" and r not in own]
        self.granted = [r for r in rules if r.mode == "exclusive" and r in own]
        self.only = [r for r in rules if r.mode == "only" and r in own]

    @staticmethod
    def _join(rules):
        return Domain.OR(rule.get_goods() for rule in rules)

    def get_domain(self):
        """Goods that are seen: Domain on product.template by plain ids."""
        domain = Domain.TRUE
        if self.hide:
            domain &= ~self._join(self.hide)
        if self.foreign:
            domain &= ~self._join(self.foreign) | self._join(self.granted)
        if self.only:
            domain &= self._join(self.only)
        return domain

    def get_reasons(self):
        """Why goods are not seen.

        :return: list of (rule or None: none of the whitelists names them, Domain of
            the goods that are not seen because of it)
        """
        granted = self._join(self.granted)
        reasons = [(rule, rule.get_goods()) for rule in self.hide]
        reasons += [(rule, rule.get_goods() & ~granted) for rule in self.foreign]
        if self.only:
            reasons.append((None, ~self._join(self.only)))
        return reasons

    def get_closed(self, name):
        """Ids of groups of goods of which nothing is seen.

        :param str name: 'sections' or 'brands'
        """
        # exclusive goods of a group may be granted to the customer in another way
        rules = self.hide if self.granted else (*self.hide, *self.foreign)
        return {
            group
            for rule in rules
            if rule.match == "any"
            for group in getattr(rule, name)
        }
