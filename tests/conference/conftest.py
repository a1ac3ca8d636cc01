"""The conference room on its own: it is opened whether or not the app already lists it."""

from yishang_crm import app as house

if "conference" not in house.ROOMS:
    house.ROOMS = (*house.ROOMS, "conference")
