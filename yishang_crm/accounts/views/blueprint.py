"""The blueprint all pages of this room hang on."""

from flask import Blueprint

accounts = Blueprint("accounts", __name__)
