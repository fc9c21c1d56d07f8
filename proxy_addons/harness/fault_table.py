"""The fault kinds as tables, from their own documentation."""

from collections.abc import Mapping

from proxy_addons.faults import Fault

Row = tuple[str, str, str]


def rows(faults: Mapping[str, type[Fault]]) -> list[Row]:
    """Kind, settings with their defaults, and the first sentences of the documentation."""
    return [(kind, _settings(fault), _summary(fault)) for kind, fault in faults.items()]


def overview(faults: Mapping[str, type[Fault]]) -> str:
    """All kinds at a glance in Markdown, for a README: a row for each scope."""
    scopes: dict[str, list[str]] = {}
    for kind in faults:
        scope, _, verb = kind.partition(".")
        scopes.setdefault(scope, []).append(f"`{verb}`")
    lines = [f"| `{scope}.` | {' '.join(verbs)} |" for scope, verbs in scopes.items()]
    return "\n".join(["| scope | what can happen |", "|---|---|", *lines])


def _settings(fault: type[Fault]) -> str:
    return ", ".join(
        name if field.is_required() else f"{name}={field.get_default(call_default_factory=True)!r}"
        for name, field in fault.model_fields.items()
    )


def _summary(fault: type[Fault]) -> str:
    return " ".join((fault.__doc__ or "").split("\n\n")[0].split())
