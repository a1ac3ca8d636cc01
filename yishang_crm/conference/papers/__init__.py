"""Papers of the conference: from plain values to PDF, Word, QR and calendar bytes. No rows, no web."""
