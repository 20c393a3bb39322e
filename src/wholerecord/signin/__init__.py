"""Signing in: who somebody is, by identity providers that are named; and what ends a session."""

from wholerecord.signin.back_channel import signed_out
from wholerecord.signin.begin import Begun, begin
from wholerecord.signin.party import Party, Proven
from wholerecord.signin.provider import Door, Provider, address_of, providers
from wholerecord.signin.sealed import Sealed
from wholerecord.signin.spent import Spent, SpentHere, spent_key
from wholerecord.signin.unproven import Unproven, Why
from wholerecord.signin.who import Citizen, Member

__all__ = [
    "Begun",
    "Citizen",
    "Door",
    "Member",
    "Party",
    "Proven",
    "Provider",
    "Sealed",
    "Spent",
    "SpentHere",
    "Unproven",
    "Why",
    "address_of",
    "begin",
    "providers",
    "signed_out",
    "spent_key",
]
