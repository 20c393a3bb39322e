"""Why the embedded database may be unavailable: each says what to do next."""

from wholerecord.errors import Unavailable


class FolderRefused(Unavailable):
    """The data folder cannot be used: mend what is said here, or name another folder.

    The folder is named by `WHOLERECORD_DATABASE=embedded:FOLDER`.
    """


class OtherVersion(Unavailable):
    """The data folder was made by another major version of PostgreSQL.

    Start it with the Wholerecord that made it and copy the data over, or name a new folder.
    """


class Unreachable(Unavailable):
    """The data folder is in use by a server that cannot be reached from here.

    It may run on another machine or in another container, or be recovering: stop the programs
    that use the folder there, or wait, then start again.
    """


class DidNotStart(Unavailable):
    """The embedded database did not start: its log says why."""
