"""The room is opened whether or not the app already lists it, on the rooms it stands on."""

from yishang_crm import app as house

house.ROOMS = tuple(dict.fromkeys((*house.ROOMS, "projects", "insight")))
