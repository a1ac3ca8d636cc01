"""A believable made-up world, filled through actions; the same for a seed and a day. No person in it exists."""

from yishang_crm.demo.world import fill

__all__ = ["fill"]
