"""Editions, guests and their five independent states, replies."""

from yishang_crm.conference.models.editions import Edition, Quota
from yishang_crm.conference.models.guests import ANSWERED, Guest, MergedGuest, Nomination
from yishang_crm.conference.models.states import (
    COMING,
    SAVED_MEANWHILE,
    Approval,
    Category,
    Logistics,
    Onsite,
    Reply,
    ReplyChannel,
    Travel,
)

__all__ = [
    "ANSWERED",
    "COMING",
    "SAVED_MEANWHILE",
    "Approval",
    "Category",
    "Edition",
    "Guest",
    "Logistics",
    "MergedGuest",
    "Nomination",
    "Onsite",
    "Quota",
    "Reply",
    "ReplyChannel",
    "Travel",
]
