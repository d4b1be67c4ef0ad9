"""Helpers of the portal that need no ORM."""
