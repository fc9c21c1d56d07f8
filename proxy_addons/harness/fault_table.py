"""The fault kinds as a table, from their own documentation."""

from collections.abc import Mapping

from proxy_addons.faults import Fault

Row = tuple[str, str, str]


def rows(faults: Mapping[str, type[Fault]]) -> list[Row]:
    """Kind, settings with their defaults, and the first sentences of the documentation."""
    return [(kind, _settings(fault), _summary(fault)) for kind, fault in faults.items()]


def markdown(faults: Mapping[str, type[Fault]]) -> str:
    """The same for a README."""
    lines = ["| kind | settings | what it does |", "|---|---|---|"]
    for kind, settings, summary in rows(faults):
        lines.append(f"| `{kind}` | {f'`{settings}`' if settings else ''} | {summary} |")
    return "\n".join(lines)


def _settings(fault: type[Fault]) -> str:
    return ", ".join(
        name if field.is_required() else f"{name}={field.get_default(call_default_factory=True)!r}"
        for name, field in fault.model_fields.items()
    )


def _summary(fault: type[Fault]) -> str:
    return " ".join((fault.__doc__ or "").split("\n\n")[0].split())
