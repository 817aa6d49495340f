"""Declaring an operation: its address, what it gives, the scope it needs, and the row whose version it may be held to."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from ninja import Router, Status

from steward.api.tokens import Asked, need
from steward.api.versions import Versioned, check_version, lock_row, version_of
from steward.people.rules import Scope

View = TypeVar("View", bound=Callable[..., Any])
OK, CREATED = 200, 201


def get(router: Router, path: str, *, scope: Scope, out: Any, versioned: Versioned | None = None) -> Callable[[View], View]:
    """Declare a read; with `versioned` its answer carries the row's version as `ETag`."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Asked, **values: Any) -> Any:
            need(request, scope)
            # Before the row is read: a version that is older than what is shown is refused later, a newer one would not be.
            version = version_of(versioned.kind, values[versioned.parameter]) if versioned else ""
            found = view(request, **values)
            if version:
                request.version = version  # type: ignore[attr-defined]
            return found

        declared: View = _added(router, "GET", path, run, scope=scope, out=out, versioned=versioned)
        return declared

    return declare


def post(
    router: Router,
    path: str,
    *,
    scope: Scope,
    out: Any,
    status: int = OK,
    versioned: Versioned | None = None,
    method: str = "POST",
) -> Callable[[View], View]:
    """Declare a change; with `versioned` it may be held to the row's version by `If-Match`, and answers with the new one."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Asked, **values: Any) -> Any:
            need(request, scope)
            return Status(status, _held(request, versioned, view, values) if versioned else view(request, **values))

        declared: View = _added(router, method, path, run, scope=scope, out=out, status=status, versioned=versioned)
        return declared

    return declare


def patch(router: Router, path: str, **how: Any) -> Callable[[View], View]:
    """Declare a change of a row's fields: those sent are set, the others stay."""
    return post(router, path, method="PATCH", **how)


def put(router: Router, path: str, **how: Any) -> Callable[[View], View]:
    """Declare a change that may be sent twice: the second time finds it done."""
    return post(router, path, method="PUT", **how)


def delete(router: Router, path: str, **how: Any) -> Callable[[View], View]:
    """Declare taking something back; a second time is no error where the action says so."""
    return post(router, path, method="DELETE", **how)


def _held(request: Asked, versioned: Versioned, view: Callable[..., Any], values: dict[str, Any]) -> Any:
    asked, pk = request.headers.get("If-Match", ""), values[versioned.parameter]
    if not asked:
        return view(request, **values)
    # Sight first: to whoever may not see it, a row has no version.
    versioned.show(request, pk)
    with transaction.atomic():
        lock_row(versioned, pk)
        check_version(asked, versioned, pk, lambda: versioned.show(request, pk).model_dump(mode="json"))
        found = view(request, **values)
        request.version = version_of(versioned.kind, pk)  # type: ignore[attr-defined]
    return found


def _added(router: Router, method: str, path: str, run: Any, *, scope: Scope, out: Any, **how: Any) -> Any:
    said = (run.__doc__ or "").strip()
    versioned: Versioned | None = how.get("versioned")
    router.add_api_operation(
        path,
        [method],
        run,
        response={how.get("status", OK): out},
        operation_id=run.__name__,
        summary=said.partition(".")[0] or None,
        description=said,
        openapi_extra={"x-scope": scope.value, "x-versioned": bool(versioned)},
    )
    return run
