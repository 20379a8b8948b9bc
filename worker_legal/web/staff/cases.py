"""The page of a case and the verbs that concern the case as a whole."""

from flask import Blueprint

bp = Blueprint("cases", __name__)
