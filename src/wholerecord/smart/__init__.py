"""The SMART App Launch authorisation server: which apps there are, and what they are let in to."""

from wholerecord.smart.asking import Asked, SentBack, asked
from wholerecord.smart.authority import Authority, ends_at
from wholerecord.smart.grant import OFFLINE_LASTS, Access, Grant, Launch, Seals, named
from wholerecord.smart.let_in import Grants, may_end
from wholerecord.smart.proving import Brought, Provings
from wholerecord.smart.published import configuration, security
from wholerecord.smart.refused import AppRefused, Fault
from wholerecord.smart.registered import (
    App,
    Apps,
    BadApp,
    KnownApp,
    Proof,
    checked,
    digest,
    new_secret,
)
from wholerecord.smart.routes import configuration_route, token_routes
from wholerecord.smart.scope import Row, Scopes, granted, shows

__all__ = [
    "OFFLINE_LASTS",
    "Access",
    "App",
    "AppRefused",
    "Apps",
    "Asked",
    "Authority",
    "BadApp",
    "Brought",
    "Fault",
    "Grant",
    "Grants",
    "KnownApp",
    "Launch",
    "Proof",
    "Provings",
    "Row",
    "Scopes",
    "Seals",
    "SentBack",
    "asked",
    "checked",
    "configuration",
    "configuration_route",
    "digest",
    "ends_at",
    "granted",
    "may_end",
    "named",
    "new_secret",
    "security",
    "shows",
    "token_routes",
]
