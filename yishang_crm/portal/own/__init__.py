"""A person's own record, looked at and corrected by themselves from a link: no account, no app, no script if need be."""
