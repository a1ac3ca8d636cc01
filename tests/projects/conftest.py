"""The room is opened whether or not the app already lists it."""

from yishang_crm import app as house

if "projects" not in house.ROOMS:
    house.ROOMS = (*house.ROOMS, "projects")
