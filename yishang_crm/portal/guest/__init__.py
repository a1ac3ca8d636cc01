"""The guest's own pages: the reply, the pass, the calendar entry. No account, no app, and no script if need be."""
