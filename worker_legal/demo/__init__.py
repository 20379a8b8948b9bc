"""A made-up office: every person, number and company is fake, and visibly so (area code 999)."""

from worker_legal.demo.office import Account, accounts, set_up
from worker_legal.demo.story import load

__all__ = ["Account", "accounts", "load", "set_up"]
