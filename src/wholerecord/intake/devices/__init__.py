"""What people measure at home: simple JSON, Open mHealth, FHIR devices (PHD) and Apple Health."""

from wholerecord.intake.devices import apple_health, phd
from wholerecord.intake.devices.apple_health import is_apple_health
from wholerecord.intake.devices.read import read

__all__ = ["is_apple_health", "is_phd", "read", "read_apple_health", "read_phd"]

is_phd = phd.is_phd
read_phd = phd.read
read_apple_health = apple_health.read
