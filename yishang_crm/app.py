"""create_app(): opens the rooms, one commit per request, the actor of each request."""

import importlib
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, g, has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from yishang_crm.accounts import presence
from yishang_crm.accounts.actors import ANYBODY
from yishang_crm.core import asked, audit, db, health, log, scope, sealed, shown, speech, web, words
from yishang_crm.core.config import Settings

ROOT = Path(__file__).resolve().parent.parent

# From the lowest to the highest; each has an `open_room(app)` in its package.
ROOMS = (
    "outbox",
    "accounts",
    "people",
    "followup",
    "network",
    "projects",
    "conference",
    "reception",
    "insight",
    "portal",
    "demo",
)


class House(Flask):
    """Returning from a view keeps the work; raising forgets it."""

    def dispatch_request(self) -> Any:
        try:
            if request.method not in ("GET", "HEAD", "OPTIONS") and not self._is_two_step():
                db.begin_writing()
            response = super().dispatch_request()
            db.db.session.commit()
        except BaseException:
            db.db.session.rollback()
            db.set_mode(writes=False)  # the page that tells of it only reads
            raise
        return response

    def _is_two_step(self) -> bool:
        return getattr(self.view_functions.get(request.endpoint or ""), "two_step", False)


def create_app(settings: Settings | None = None) -> Flask:
    """The app for one installation."""
    settings = settings or Settings()
    app = House(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.folder),
    )
    asked.open_asking(app)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.signing_key,
        SIGN_IN_ENDPOINT="accounts.login",
        SESSION_COOKIE_NAME="yishang",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        WTF_CSRF_TIME_LIMIT=None,
        # A guest's page tells nobody its address, so no browser sends a referrer with its form. Where browsers
        # do say which site a form comes from, `web.refuse_foreign_forms` looks.
        WTF_CSRF_SSL_STRICT=False,
        TRUSTED_HOSTS=_hosts(settings),
        BABEL_DEFAULT_LOCALE="zh_Hans",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    sealed.use_keys(settings.sealing_keys)
    db.open_database(app, settings.database)
    with app.app_context():
        scope.guard_engine(db.db.engine)
    speech.open_speech(app, Babel(app, locale_selector=_language))
    _open_request(app)  # before the CSRF check: a stranger is shown the door, whatever they sent
    CSRFProtect(app)
    web.open_web(app)
    health.open_health(app)
    shown.open_filters(app)
    open_rooms(app)
    if settings.timing:
        _tell_timing(app)
    return app


def open_rooms(app: Flask) -> None:
    """Let each room hang its pages, panels and words on the app, and name its deeds."""
    for room in ROOMS:
        importlib.import_module(f"yishang_crm.{room}").open_room(app)


def _hosts(settings: Settings) -> list[str]:
    # By name or IPv4 address only: Werkzeug's check reads everything behind a colon as a port.
    served = urlsplit(settings.public_url).hostname if settings.public_url else None
    return [*([served] if served else []), "127.0.0.1", "localhost"]


def _open_request(app: Flask) -> None:
    @app.before_request
    def begin() -> Response | None:
        g.mode = db.set_mode(writes=False)
        g.begun = time.perf_counter()
        g.request_id = secrets.token_hex(6)
        g.request_token = audit.request_id.set(g.request_id)
        # A file, or a question whether the house stands, is answered without asking the database who asks.
        asks_nobody = request.endpoint == "static" or request.blueprint == "health"
        g.actor = ANYBODY if asks_nobody else presence.actor_of_request()
        return None if asks_nobody else web.refuse_closed_doors()

    @app.after_request
    def tell(response: Response) -> Response:
        if request.endpoint != "static" and request.path != "/healthz":
            log.event(
                "request",
                method=request.method,
                endpoint=request.endpoint or "-",
                status=response.status_code,
                milliseconds=round((time.perf_counter() - g.begun) * 1000, 1) if "begun" in g else "",
                actor=g.actor.key if "actor" in g else "",
            )
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if "mode" in g:
            db.reset_mode(g.pop("mode"))
            audit.request_id.reset(g.pop("request_token"))

    @app.context_processor
    def house_words() -> dict[str, Any]:
        return {"language": words.HTML_LANG.get(str(get_locale()), "zh-Hans")}


def _language() -> str:
    if not has_request_context():
        return "zh_Hans"  # a job or the command line; letters say their own language
    actor = g.get("actor")
    if actor is not None and actor.kind in ("user", "guest", "person"):
        return str(actor.language)
    chosen = session.get("language")
    if chosen in words.LANGUAGES:
        return str(chosen)
    return words.language_for(value for value, _ in request.accept_languages)


def _tell_timing(app: Flask) -> None:
    """`Server-Timing` on every answer: time in the app, time and number of statements in the database."""

    def before(_conn: Any, _cursor: Any, _statement: str, _params: Any, context: Any, _many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's signature
        if context is not None:
            context.begun_at = time.perf_counter()

    def after(_conn: Any, _cursor: Any, statement: str, _params: Any, context: Any, _many: bool) -> None:  # noqa: FBT001 - the same
        if context is not None and "statements" in g:
            g.statements += not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))  # they ask nothing
            g.database_time += time.perf_counter() - context.begun_at

    with app.app_context():
        sa.event.listen(db.db.engine, "before_cursor_execute", before)
        sa.event.listen(db.db.engine, "after_cursor_execute", after)

    @app.before_request
    def count() -> None:
        g.statements, g.database_time = 0, 0.0

    app.before_request_funcs[None].insert(0, app.before_request_funcs[None].pop())

    @app.after_request
    def tell(response: Response) -> Response:
        app_time = (time.perf_counter() - g.begun) * 1000 if "begun" in g else 0.0
        response.headers["Server-Timing"] = (
            f'app;dur={app_time:.2f}, db;dur={g.database_time * 1000:.2f};desc="{g.statements} queries"'
        )
        return response


def behind_proxies(app: Flask) -> Flask:
    """Believe `X-Forwarded-Proto` and `-Host` from our own proxies; the address is judged by `limits`."""
    if app.config["SETTINGS"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app
