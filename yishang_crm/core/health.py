"""Is the house alive, ready, and how busy: `/healthz`, `/readyz`, `/metrics`."""

import hmac
import time
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from yishang_crm.core import audit, schema
from yishang_crm.core.db import db
from yishang_crm.core.limits import is_on_this_machine
from yishang_crm.core.web import open_to_all

bp = Blueprint("health", __name__)

_registry = CollectorRegistry()
_answers = Counter(
    "yishang_answers_total", "Answers by endpoint and status", ["endpoint", "status"], registry=_registry
)
_time = Histogram("yishang_answer_seconds", "Time to answer", ["endpoint"], registry=_registry)
_waiting = Gauge("yishang_audit_unsealed", "Audit entries that wait for their seal", registry=_registry)


@bp.get("/healthz")
@open_to_all
def alive() -> Any:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@open_to_all
def ready() -> Any:
    if not schema.is_up_to_date(db.engine):
        return Response("schema\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@bp.get("/metrics")
@open_to_all
def metrics() -> Any:
    """For a collector on this machine, or one that brings the token of the settings."""
    if not is_on_this_machine() and not _brings_token():
        abort(404)
    _waiting.set(audit.pending())
    return Response(generate_latest(_registry), content_type=CONTENT_TYPE_LATEST)


def _brings_token() -> bool:
    token = current_app.config["SETTINGS"].metrics_token
    brought = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(brought.encode(), f"Bearer {token}".encode())


def open_health(app: Flask) -> None:
    """Hang the three addresses on the app, and count its answers."""
    app.register_blueprint(bp)
    app.after_request(count_answer)


def count_answer(response: Response) -> Response:
    """After every request."""
    endpoint = request.endpoint or "none"
    _answers.labels(endpoint, str(response.status_code)).inc()
    if "begun" in g:
        _time.labels(endpoint).observe(time.perf_counter() - g.begun)
    return response
