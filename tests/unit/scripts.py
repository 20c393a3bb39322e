"""What a page runs, for tests: the one script of ours, and whatever else there is."""

import re

from wholerecord.portal.shared.still import SCRIPT

_OURS = re.compile(r'<script data-still="/still/[0-9a-f]{32}\?[a-z0-9=+&;-]+">')


def without_ours(html: str) -> str:
    """The page without the script that asks whether it may still be shown, where it has that."""
    return _OURS.sub("", html, count=1).replace(f"{SCRIPT}</script>", "", 1)
