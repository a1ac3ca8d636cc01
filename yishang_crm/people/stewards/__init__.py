"""Who keeps a person: asking another unit for one, sharing, taking back, passing on."""
