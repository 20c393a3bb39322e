"""What people measure at home: our own simple JSON, and Open mHealth data points."""

from wholerecord.intake.devices.read import read

__all__ = ["read"]
