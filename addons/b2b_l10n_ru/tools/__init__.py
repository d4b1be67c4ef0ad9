# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules of Russian requisites; they need no ORM."""
