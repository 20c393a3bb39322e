"""The NHS design system's components, as functions that templates call.

Source: NHS design system, nhsuk-frontend 10, in its Jinja port. Its templates ask for options that
were not given, so they are rendered apart from ours, where an unknown name is an error.
"""

from functools import cache
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader

COMPONENTS = ("back-link", "breadcrumb", "button", "details", "inset-text", "input", "textarea")


@cache
def design() -> dict[str, Any]:
    """Each component's macro by its name in Python: `nhs.button({"text": "Find"})`."""
    port = Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return {
        name: getattr(
            port.get_template(f"nhsuk/components/{component}/macro.jinja").module, _macro(component)
        )
        for component in COMPONENTS
        for name in [component.replace("-", "_")]
    }


def _macro(component: str) -> str:
    """`back-link` → `backLink`, as the port names its macros."""
    first, *rest = component.split("-")
    return first + "".join(part.capitalize() for part in rest)
