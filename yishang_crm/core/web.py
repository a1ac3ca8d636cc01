"""How pages answer: closed doors, page() and done(), panels, forms, headers, and how errors are drawn."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from wtforms import StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

from yishang_crm.core import log, trail
from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import HouseError, Refused, Stale, TooMany
from yishang_crm.core.shown import told
from yishang_crm.core.words import N_

View = Callable[..., Any]

# Doors: every view says who may come in. One that says nothing lets nobody in.


def open_to_all(view: View) -> View:
    """A door without a lock: sign-in, the guest's reply, health."""
    view.open = True  # type: ignore[attr-defined]
    view.permission = None  # type: ignore[attr-defined]
    return view


def needs(permission: Permission) -> Callable[[View], View]:
    """A door that opens to those who hold the permission."""

    def mark(view: View) -> View:
        view.open = False  # type: ignore[attr-defined]
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def two_step(view: View) -> View:
    """A POST that does slow work first: it begins by reading and calls `db.begin_writing()` when ready."""
    view.two_step = True  # type: ignore[attr-defined]
    return view


# Answers


def page(template: str, fragment: str | None = None, *, status: int = 200, **context: Any) -> Response:
    """Answer a GET, or a wrong form with 422: the fragment for htmx, else the whole page."""
    wants_fragment = fragment is not None and is_htmx()
    body = render_template(fragment if wants_fragment and fragment else template, **context)
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def done(fragment: str | None = None, *, then: str, **context: Any) -> Response:
    """Answer a POST: the fragment for htmx, else a 303 to the page that shows the result."""
    if fragment is not None and is_htmx():
        return make_response(render_template(fragment, **context))
    if is_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = then
        return response
    return redirect(then, code=303)  # type: ignore[return-value]


def is_htmx() -> bool:
    return "HX-Request" in request.headers


class PlainSelect(Select):
    """A choice among many, such as the units: each option costs a quarter of what WTForms takes for it."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **attributes: Any) -> Markup:
        if attributes or choice.render_kw or isinstance(choice.value, bool):
            return super().render_option(choice, **attributes)
        chosen = _CHOSEN if choice.selected else ""
        return _OPTION % (chosen, choice.value, choice.label or choice.value)


_OPTION, _CHOSEN = Markup('<option%s value="%s">%s</option>'), Markup(" selected")


class Form(FlaskForm):
    """The base of every form: trims what was typed, gives plain values."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if type(unbound_field.field_class.widget) is Select:
                options = {"widget": PlainSelect(), **options}
            filters = [*unbound_field.kwargs.get("filters", []), _trimmed]
            return unbound_field.bind(form=form, filters=filters, **options)

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, by field name, without the CSRF token and buttons; a text that was not sent is empty."""
        return {
            field.name: "" if field.data is None and isinstance(field, StringField) else field.data
            for field in self
            if field.name not in ("csrf_token", "submit")
        }


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Values and labels of a select field."""
    return [SelectChoice(value, label) for value, label in pairs]


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


# Registries: upper rooms leave something here, lower rooms draw it without knowing whose it is.


@dataclass(frozen=True)
class Panel:
    """A section that an upper room hangs on a lower room's page. `endpoint` is a page of its own, too."""

    place: str
    endpoint: str
    title: str
    order: int
    permission: Permission
    key: str = ""
    fits: Callable[[Any], bool] | None = None


_panels: list[Panel] = []


def panel(
    place: str,
    endpoint: str,
    *,
    title: str,
    order: int,
    permission: Permission,
    key: str = "",
    fits: Callable[[Any], bool] | None = None,
) -> None:
    """Hang a panel; called once, when a room is opened. `key`: the letter that presses its button; `fits`: whether it is offered
    on the page of this one."""
    wanted = Panel(place, endpoint, title, order, permission, key, fits)
    if wanted not in _panels:
        _panels.append(wanted)


def panels(place: str, *, about: Any = None) -> list[Panel]:
    """The panels of a place that the acting person may see, in their order; of a page about one, those that fit."""
    mine = [item for item in _panels if item.place == place and g.actor and g.actor.may(item.permission)]
    fitting = [item for item in mine if about is None or item.fits is None or item.fits(about)]
    return sorted(fitting, key=lambda item: item.order)


# Static files by content, so that they can be kept for a year


def asset(name: str) -> str:
    """The address of a static file, marked with its content as it was when it was first asked for."""
    return _marked(current_app.static_folder or "", current_app.static_url_path or "", name)


@lru_cache(maxsize=512)
def _marked(folder: str, address: str, name: str) -> str:
    path = Path(folder) / name
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.exists() else "none"
    return f"{address}/{quote(name)}?v={mark}"


# Headers

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'"
)


_CLOSED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def seal_file(headers: Any, _path: str, _url: str) -> None:
    """The same for a static file, which a server in front of the app may hand out by itself."""
    headers["Content-Security-Policy"] = CONTENT_POLICY
    for name, value in _CLOSED.items():
        headers[name] = value


def _is_guests(path: str) -> bool:
    # The address itself is the guest's key.
    return path == "/r" or path.startswith(("/r/", "/password/", "/portal/enter/", "/portal/details/"))


def _seal_response(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    headers.update(_CLOSED)
    headers["Referrer-Policy"] = "no-referrer" if _is_guests(request.path) else "same-origin"
    headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
        response.vary.add("Cookie")
    if current_app.config["SETTINGS"].is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


# Errors

_HTTP_SENTENCES = {
    400: N_("这个请求不完整，请返回上一页再试。"),
    401: N_("请先登录。"),
    403: N_("您的账号没有办理这件事的权限。如需办理，请联系本单位管理员。"),
    404: N_("没有找到这一页。它可能已被移走，或者不在您负责的范围内。"),
    405: N_("这个地址不能这样打开，请从页面上的按钮进入。"),
    409: N_("现在不能这样做，请看一眼最新的情况。"),
    413: N_("文件太大了，最多50 MB。请拆成几个文件再传。"),
    422: N_("有几处要改，已在下面标出。"),
    429: N_("试的次数太多了，请稍后再试。"),
    500: N_("系统出了差错，刚才的改动没有保存。请再试一次；若仍不行，把下面的编号告诉管理员。"),
    503: N_("系统正忙，请过一会儿再试。"),
}


def draw_house_error(error: HouseError) -> Response:
    if isinstance(error, Refused):
        _leave_trace()
    response = _error_page(error.status, told(error), error=error)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.wait)
    return response


def draw_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return error.response  # type: ignore[return-value]
    if status == 403:
        _leave_trace()
    response = _error_page(status, gettext(_HTTP_SENTENCES.get(status, _HTTP_SENTENCES[400])))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def draw_csrf_error(_error: CSRFError) -> Response:
    return _error_page(
        400, gettext(N_("这一页放得太久，已经失效。请刷新后再提交；填过的内容可按“后退”找回。"))
    )


def draw_unexpected(error: Exception) -> Response:
    log.unexpected(error)
    return _error_page(500, gettext(_HTTP_SENTENCES[500]))


def _leave_trace() -> None:
    # A refused deed stands in the audit trail; a page that was only asked for stands in the log.
    actor = g.get("actor")
    if request.method in ("GET", "HEAD", "OPTIONS") or actor is None or actor.kind == "anybody":
        return
    named = [f"{name.removesuffix('_id')}:{value}" for name, value in (request.view_args or {}).items()
             if isinstance(value, int)]  # fmt: skip
    trail.refused(actor, endpoint=request.endpoint or "", about=named[-1] if named else "")


def _error_page(status: int, sentence: str, *, error: HouseError | None = None) -> Response:
    theirs = error.theirs if isinstance(error, Stale) else {}
    context = {"status": status, "sentence": sentence, "reference": g.get("request_id", ""), "theirs": theirs}
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        return make_response({"error": sentence, "reference": context["reference"]}, status)
    if request_ctx.url_adapter is None:
        # The request named a host that is not ours: no address can be made, and none of ours should be shown.
        return _plain_error(status, sentence)
    if is_htmx():
        return _told_by_toast(status, sentence)
    try:
        return make_response(render_template("layout/error.html", **context), status)
    except Exception as fault:  # noqa: BLE001 - the page itself needs what is broken, such as the database
        log.unexpected(fault)
        return _plain_error(status, f"{sentence} {context['reference']}")


def _told_by_toast(status: int, sentence: str) -> Response:
    """What was on the page stays; the sentence appears beside it. Headers are ASCII."""
    response = _plain_error(status, sentence)
    response.headers["HX-Reswap"] = "none"
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": sentence, "kind": "late"}})
    return response


def _plain_error(status: int, sentence: str) -> Response:
    return Response(f"{sentence}\n", status, mimetype="text/plain")


def open_web(app: Flask) -> None:
    """Hang headers and error pages on the app."""
    app.before_request(refuse_foreign_forms)
    app.after_request(_seal_response)
    app.register_error_handler(HouseError, draw_house_error)
    app.register_error_handler(CSRFError, draw_csrf_error)
    app.register_error_handler(HTTPException, draw_http_error)
    app.register_error_handler(Exception, draw_unexpected)
    app.jinja_env.globals.update(asset=asset, panels=panels)


def refuse_closed_doors() -> Response | None:
    """Before every request: is this door open to the one who knocks? Strangers are shown to the sign-in."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "open", False):
        return None
    permission = getattr(view, "permission", None)
    if permission is not None and g.actor.may(permission):
        return None
    if g.actor.kind != "anybody":
        raise Refused(_HTTP_SENTENCES[403])
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(current_app.config["SIGN_IN_ENDPOINT"], next=wanted), code=302)  # type: ignore[return-value]


def refuse_foreign_forms() -> None:
    """Before every deed: where the browser says which site its form comes from, it must be ours.

    Beside the token, not instead of it. `null` is what a page that sends no referrer says of itself.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin", "null")
    is_foreign = origin != "null" and urlsplit(origin).hostname != urlsplit(f"//{request.host}").hostname
    if is_foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise CSRFError


def safe_next(address: str | None) -> str | None:
    """An address inside this installation to go on to, or None: never another host, scheme or trick."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if "\\" in address or any(ord(character) < 33 for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc or "//" in unquote(parts.path) else address
