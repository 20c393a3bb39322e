"""The pages, server-rendered: for clinicians, for the person, and for the desk."""

from wholerecord.portal.routes import routes
from wholerecord.portal.shared.persona import Persona
from wholerecord.portal.shared.session import Seal
from wholerecord.portal.shared.visit import Site

__all__ = ["Persona", "Seal", "Site", "routes"]
