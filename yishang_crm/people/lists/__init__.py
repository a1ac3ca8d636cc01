"""Tags, saved views, segments and snapshots: what stands behind the people list, and what bulk acts on it plan and undo."""
