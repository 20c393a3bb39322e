"""Which addresses we speak to: compared by their parsed parts, never by how they begin."""

from ipaddress import ip_address
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}


def origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an absolute address; None when it is not one, or names a user."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if not parts.hostname or not port or "@" in parts.netloc or "\\" in url:
        return None
    return parts.scheme, parts.hostname, port


def is_safe(url: str) -> bool:
    """Whether what is secret may go there: by https, or without leaving this machine."""
    where = origin(url)
    return where is not None and (
        where[0] == "https" or (where[0] == "http" and is_loopback(where[1]))
    )


def is_loopback(host: str) -> bool:
    """Whether the host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
