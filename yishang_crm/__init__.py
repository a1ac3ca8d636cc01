"""宜商通 · Yishang CRM: a city keeps its ties with its natives who became entrepreneurs elsewhere."""

__version__ = "0.1.0"
