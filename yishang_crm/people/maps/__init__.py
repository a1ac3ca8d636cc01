"""How figures by place are drawn: tiles of provinces, or an approved outline that the installation brought."""
